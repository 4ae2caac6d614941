"""The law as it is modelled: clauses, settings, comparisons."""
