"""What is written beside the program: seals and chains of rows, and what differs from them."""
