"""Proof that what is kept is as it was written: chains of hashes, heads, signatures."""
