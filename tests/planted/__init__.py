"""Faults planted one at a time, to see which test notices each."""
