"""The record scope: what formulas, decision tables and texts read of a case."""
