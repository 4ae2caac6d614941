"""Scenario files: their vocabulary, and what they say in words."""
