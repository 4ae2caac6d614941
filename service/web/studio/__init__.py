"""Pages of the studio: drafts of packages and their editors, by subject; here what all of them share."""
