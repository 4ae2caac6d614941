"""A new city, step by step: what is typed page by page, what the text gives, and what is wrong with it."""
