"""Ballots (表决): opening, casting, votes in the hall, closing, counting, recounting, verifying receipts."""
