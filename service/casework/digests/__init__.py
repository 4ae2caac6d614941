"""Digests of what decides: rows compared with what the chains of records hold of them."""
