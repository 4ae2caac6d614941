"""API routes of the studio: drafts and everything that is done with one."""
