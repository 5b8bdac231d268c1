"""Load and failure on the running stack, reported and held against limits: ``make load``."""
