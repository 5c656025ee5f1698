"""The city measured against its plans: achievement, warnings, balance. Pure functions on numpy."""
