"""Forms of a package: their fields, what decides, and what is uploaded."""
