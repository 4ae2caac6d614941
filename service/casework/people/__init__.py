"""People: signing in, sessions, accounts and what they hold."""
