"""Accounts: opened, closed, the first ones, what is on record of a person and what they chose."""
