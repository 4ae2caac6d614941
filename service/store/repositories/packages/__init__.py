"""Packages: versions, drafts and their events, settings, calendars, moves of running cases."""
