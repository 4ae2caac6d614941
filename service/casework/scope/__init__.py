"""The record scope: the names of a case that formulas, decision tables and texts may read."""
