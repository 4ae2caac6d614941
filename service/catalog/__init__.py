"""Loads, checks and versions process packages."""
