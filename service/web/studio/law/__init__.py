"""The law of a draft: its clauses, split and amended texts."""
