"""The elements at which each expression of a package stands."""

from __future__ import annotations

from collections.abc import Mapping

from service.catalog.package import Package
from service.catalog.rules.context import prepare
from service.catalog.rules.formulas import formulas_of


def places_of_formulas(package: Package) -> Mapping[str, tuple[str, ...]]:
    """Return for each expression the elements it stands at, each as its file's name and its id."""
    found: dict[str, dict[str, None]] = {}
    for formula in formulas_of(prepare(package)):
        name = formula.file.rpartition("/")[2]
        found.setdefault(formula.text, {})[f"{name} {formula.place}"] = None
    return {text: tuple(places) for text, places in found.items()}
