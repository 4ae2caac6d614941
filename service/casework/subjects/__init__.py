"""Subjects of cases: organisations, individuals, and their records in the register."""
