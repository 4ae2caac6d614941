"""Scenarios of a draft: written, brought after a change, played."""
