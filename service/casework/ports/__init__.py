"""Ports: what an operation may change, one file per kind of record."""
