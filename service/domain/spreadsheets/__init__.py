"""Lists from spreadsheets: headings and lines read strictly, the report of an import, the safe way out."""
