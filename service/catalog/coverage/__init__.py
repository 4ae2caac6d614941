"""What of its law a package carries out: clauses, where each stands, what only cites it, and what goes with it."""
