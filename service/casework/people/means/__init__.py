"""A person's own means of signing in: set up, changed and taken away."""
