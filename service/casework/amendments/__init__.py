"""Amendments: whether a newer version reaches running cases, and moving them to it."""
