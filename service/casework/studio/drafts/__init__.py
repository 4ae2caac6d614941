"""Drafts: opened, saved, merged, compared, shared, discarded."""
