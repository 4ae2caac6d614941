"""Whom a case is about: organisations, individuals, partners, and what is on record of them."""
