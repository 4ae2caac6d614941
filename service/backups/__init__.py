"""Backups: an installation put into one file while it runs, and brought back into an empty place."""
