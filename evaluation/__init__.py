"""How well Intake does its job, measured on sentences of its own: `python -m evaluation`."""
