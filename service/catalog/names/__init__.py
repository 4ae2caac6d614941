"""What elements, fields, pages, messages and places of a package are called."""
