"""The studio: drafts of packages, edited in the browser, reviewed and published."""
