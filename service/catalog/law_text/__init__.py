"""The text of a regulation: split into articles and items, put into the clause register, amended by a decision."""
