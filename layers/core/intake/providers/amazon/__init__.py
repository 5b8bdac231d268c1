"""Amazon's services for language, as a fallback that needs no other account than the one Intake runs in."""
