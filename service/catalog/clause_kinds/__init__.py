"""The kinds of clauses, and what is asked of each: days of a phase, lengths of a term, conditions of a bar."""
