"""Scenarios of a draft: run, edited as cards and rows, recorded person by person, drawn as a picture."""
