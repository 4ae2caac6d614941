"""Use cases, one per file: each is one unit of work and one commit."""
