"""Parameters: dated values, their units, shapes and words."""
