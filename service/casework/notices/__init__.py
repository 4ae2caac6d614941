"""Public notices (公示): correcting and recalling them, and how they ended."""
