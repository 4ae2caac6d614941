"""Compute a sealed season again, offline and without the program that sealed it.

Its format stands in docs/sealed-season.md. Only Python's own library and ``cryptography`` are used, nothing of ``service``:
two programs that agree prove more than one that agrees with itself.
"""
