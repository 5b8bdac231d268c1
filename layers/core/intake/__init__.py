"""Intake: the front office of an insurance-assistance organisation, as serverless stages."""
