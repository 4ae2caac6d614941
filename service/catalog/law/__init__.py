"""The clauses of a regulation: the register, what carries each out, and what proves it."""
