"""Pages of the studio: drafts of packages and their editors."""
