"""Errors that the machines know by their class names."""


class TransientError(Exception):
    """May pass."""


class ProviderRefusedError(Exception):
    """The next provider may accept."""
