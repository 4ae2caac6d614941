"""What proves the rest: history, the book of acts, anchors, digests, seals."""
