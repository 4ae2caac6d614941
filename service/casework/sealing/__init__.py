"""Sealed seasons: a finished round as one signed bundle, from which a second program computes its results again."""
