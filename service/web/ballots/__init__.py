"""Ballots: the paper, turnout, results, repeated counts."""
