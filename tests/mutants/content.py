"""The mutants of content: something that cites a clause says something else.

A condition negated, a table row dropped, an amount, quota, term, recipient, signer, actor or required field changed, a
line of a document that carries data left out.
"""

from __future__ import annotations

from dataclasses import replace

from service.catalog.package import Package
from tests.mutants.citing_elements import clauses_by_place
from tests.mutants.diagrams import mutants_of_diagrams
from tests.mutants.documents import mutants_of_documents
from tests.mutants.forms import mutants_of_forms
from tests.mutants.mutant import Mutant
from tests.mutants.parameters import mutants_of_parameters
from tests.mutants.tables import mutants_of_tables


def content_mutants(package: Package) -> dict[str, Mutant]:
    """Return every mutant of content of a package by its id: each changes something that cites a clause."""
    clauses = clauses_by_place(package)
    found: dict[str, Mutant] = {}
    for made in (
        *mutants_of_diagrams(package, clauses),
        *mutants_of_tables(package),
        *mutants_of_parameters(package),
        *mutants_of_forms(package),
        *mutants_of_documents(package),
    ):
        ident, number = made.id, 2
        while ident in found:
            ident, number = f"{made.id} ({number})", number + 1
        found[ident] = replace(made, id=ident)
    return found
