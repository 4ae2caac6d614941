"""Pictures of the diagrams that a proposal draws otherwise, as they are and as they would be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from service.catalog import Package
from service.catalog.bpmn.picture import picture_of
from service.catalog.layout.drawn import drawing_of


@dataclass(frozen=True, slots=True)
class DrawnPicture:
    """A diagram as it is drawn now and as it would be, as SVG; ``before`` "" for a new one."""

    name: str
    before: str
    after: str


def drawn_pictures(before: Package, after: Package) -> Iterator[DrawnPicture]:
    """Yield the place's diagrams that are drawn otherwise."""
    for path, diagram in after.diagrams.items():
        old = before.diagrams.get(path)
        if path.startswith(f"processes/{after.key}/") and (old is None or old.elements != diagram.elements):
            first = picture_of(drawing_of(old, before.files[path])) if old else ""
            yield DrawnPicture(diagram.name or path, first, picture_of(drawing_of(diagram, after.files[path])))
