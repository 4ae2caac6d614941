"""User tasks: claiming, filling in, completing, sending back, corrections."""
