"""Connections to SQLite and PostgreSQL: transactions of one process, who is there."""
