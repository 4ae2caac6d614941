"""Keys of columns, files and ballots, and the columns that they close."""
