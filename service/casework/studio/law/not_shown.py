"""Why a scenario proves nothing of a clause."""

from __future__ import annotations

from service.catalog import Package
from service.domain.text import Text


def not_shown(package: Package, place: str) -> Text:
    """Say that a scenario proves nothing, naming the element that was chosen where there is one."""
    path, _, ident = place.partition("#")
    diagram = package.diagrams.get(path)
    element = diagram.elements.get(ident.partition("/")[0]) if diagram else None
    if element is None or not element.name:
        return Text(
            "走过这个情景，看不出这一条，没有可以写的期望。请换一个情景，或者先补上步骤。",
            "Nothing in this scenario shows the clause: take another, or add steps first.",
        )
    return Text(
        f"这个情景没有走到“{element.name}”，没有可以写的期望。请换一个情景，或者先补上步骤。",
        f"This scenario does not come to “{element.name}”: take another, or add steps first.",
    )
