"""Experts and panels, ballots and their rolls, sittings, the register of awards."""
