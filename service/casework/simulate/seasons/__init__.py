"""Seasons compared: what became of each case, and why it came out otherwise."""
