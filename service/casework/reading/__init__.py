"""Shared reading: what several rooms look up of a case, and what several pages show of it."""
