"""Scenarios of a draft: run, edited as cards and rows, brought after a change, searched for traps."""
