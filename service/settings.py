"""Placeholder for settings, filled by the composition root."""
