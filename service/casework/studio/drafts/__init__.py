"""Drafts: opened, saved, taken over, compared, shared, discarded; what their place declares, and their handbook."""
