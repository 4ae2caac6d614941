"""Accounts: signing in, the password, the seat; people and what they hold; permissions."""
