"""Drafts: opened, saved, merged, compared, shared, discarded; what their place declares, and their handbook."""
