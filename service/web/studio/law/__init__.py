"""The law of a draft: its clauses, and an amended text."""
