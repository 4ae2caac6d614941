"""Pages of cases: the list, one case, starting one, import and export of lists."""
