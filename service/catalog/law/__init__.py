"""The clauses of a regulation: the register, the slots that cite them, and what claims to prove one."""
