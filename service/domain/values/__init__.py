"""Single values: exact and whole numbers, values inside of others, numbers of organisations and citizens."""
