"""The law of a draft: the clause workbench, assistants, a decision that amends it, the proof sheet."""
