"""What frames a page: header, heading, names, languages, lists in order, files, papers and pictures on it."""
