"""Tasks: their rows, the statements of their lists, and signatures beside them."""
