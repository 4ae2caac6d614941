"""Scenario files: read, written, and the inputs that their steps take."""
