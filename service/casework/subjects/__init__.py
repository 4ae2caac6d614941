"""Subjects of cases: organisations, individuals, partners, and their records in the register."""
