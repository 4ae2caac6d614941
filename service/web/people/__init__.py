"""Pages of accounts: signing in, password, seat; administration of people and seats; permissions."""
