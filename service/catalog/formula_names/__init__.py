"""Names that formulas may read: what they are called, of which type, and what is inside."""
