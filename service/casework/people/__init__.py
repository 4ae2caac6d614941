"""People: signing in, sessions, accounts and the seats they hold."""
