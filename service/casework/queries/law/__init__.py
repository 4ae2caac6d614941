"""Packages and settings as they are studied: versions, coverage of clauses, settings, amendments, moves."""
