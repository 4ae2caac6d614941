"""Drafts: listed, compared, reviewed and published, their history, their zip, what a place declares."""
