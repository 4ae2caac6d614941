"""Shared pieces of a package: kinds, names, and what each takes."""
