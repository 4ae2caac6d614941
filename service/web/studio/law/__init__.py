"""The law of a draft: the clause workbench, assistants, an amended text."""
