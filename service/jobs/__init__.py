"""What runs work items when they are due."""
