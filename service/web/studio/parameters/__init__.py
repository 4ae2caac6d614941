"""Parameters and calendar of a draft, with the inputs of their values."""
