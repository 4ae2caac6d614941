"""What a package knows of its parameters: bounds, reach, what a city may set, and where."""
