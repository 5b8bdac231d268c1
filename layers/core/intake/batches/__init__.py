"""Batches: many inputs sent as one file of JSON lines."""
