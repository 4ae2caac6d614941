"""Scenarios written by playing: recorded, brought after longer periods and new tasks."""
