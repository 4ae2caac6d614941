"""Patterns and shared pieces: what several places have alike, and who uses it."""
