"""Scenarios of a draft: written and played."""
