"""The laurel command line."""
