"""Shared queries: what several use cases and pages read of a case."""
