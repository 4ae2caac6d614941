"""Connections to SQLite and PostgreSQL: dialects, transactions of one process, bells, who is there."""
