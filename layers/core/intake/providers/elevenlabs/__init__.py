"""ElevenLabs: it hears and speaks. It does not translate text."""
