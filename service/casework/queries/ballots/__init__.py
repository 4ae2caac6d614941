"""Sittings of committees, and the ballots on whose roll somebody is."""
