"""Pages of the law: clauses, settings, versions, comparisons."""
