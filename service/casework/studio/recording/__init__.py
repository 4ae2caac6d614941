"""Recordings: a season played in a sandbox person by person, and kept as a scenario."""
