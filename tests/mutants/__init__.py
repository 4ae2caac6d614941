"""Mutants: a package in which one thing that cites a clause is gone or says something else; some scenario must fail.

The term is that of mutation testing: whoever claims that an expectation proves a clause is asked by such a change.
"""

from tests.mutants.citing_elements import CitingElement, citing_elements, taken_out_mutants, without
from tests.mutants.content import content_mutants
from tests.mutants.mutant import Mutant, MutatedPiece, changed

__all__ = [
    "CitingElement",
    "Mutant",
    "MutatedPiece",
    "changed",
    "citing_elements",
    "content_mutants",
    "taken_out_mutants",
    "without",
]
