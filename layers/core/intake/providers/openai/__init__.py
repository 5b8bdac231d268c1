"""OpenAI, and services that speak its protocol, through the official client."""
