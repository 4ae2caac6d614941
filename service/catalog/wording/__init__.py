"""Words that need no package: English, word lists, fields of pages."""
