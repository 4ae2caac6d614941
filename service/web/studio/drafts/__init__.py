"""Drafts: listed, compared, reviewed and published; their history, zip and handbook, and what their place declares."""
