"""Words of both languages: articles, numerals, counted things, causes of failures, shortened names."""
