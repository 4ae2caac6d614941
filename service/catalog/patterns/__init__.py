"""Patterns and shared pieces: what several places have alike, before a package uses it."""
