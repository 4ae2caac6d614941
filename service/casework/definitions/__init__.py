"""Definitions: checking and publishing packages, comparing versions, a city's settings."""
