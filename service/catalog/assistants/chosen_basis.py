"""Say of a setting that was chosen among words whether the clause says it, or whether it is a proposal of the place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from service.catalog.new_city.site import ASKED
from service.catalog.package import Package
from service.catalog.parameters.parameter_entries import change_parameter
from service.catalog.tree import Files


def with_basis(files: Files, package: Package, parameter: str, *, said: bool) -> dict[str, bytes]:
    """Return parameters.yaml, which holds the parameter already, with its basis: the text that says it, or a question."""
    basis: Mapping[str, Any] = (
        {"source": "stated", "question": None} if said else {"source": "default", "question": ASKED}
    )
    path = package.parameters_file
    return {path: change_parameter(files[path].decode(), parameter, basis).encode()}
