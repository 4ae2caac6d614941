"""Ballots (表决), one use case per file: opening, casting, the hall, closing, counting, repeating, verifying."""
