"""The book of acts and the chains of hashes, read and verified."""
