"""Search: cases, people, documents, steps and facts by words, numbers and values."""
