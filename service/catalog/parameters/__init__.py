"""Parameters and settings: dated values, their units, readers and users, and the bounds that the law gives them."""
