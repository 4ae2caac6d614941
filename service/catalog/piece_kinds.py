"""Kinds of files of a package, and what each file is called."""

from __future__ import annotations

from contextlib import suppress
from enum import Enum
from pathlib import PurePosixPath

from service.catalog.package import Package
from service.catalog.source.json import JsonMistake, parse_json


class PieceKind(Enum):
    """What a file of a package says."""

    DIAGRAM = "diagram"
    TABLE = "table"
    FORM = "form"
    DOCUMENT = "document"
    LAYOUT = "layout"
    SCENARIO = "scenario"
    PARAMETERS = "parameters"
    AWARD = "award"
    JURISDICTION = "jurisdiction"
    LAW = "law"
    OTHER = "other"


class Origin(Enum):
    """Whose file it is: the city's own, one that cities share, or one made of a shared pattern."""

    OWN = "own"
    SHARED = "shared"
    PATTERN = "pattern"


_BY_SUFFIX = {
    ".bpmn": PieceKind.DIAGRAM,
    ".dmn": PieceKind.TABLE,
    ".json": PieceKind.FORM,
    ".docx": PieceKind.LAYOUT,
    ".typ": PieceKind.LAYOUT,
}
_BY_NAME = {
    "parameters.yaml": PieceKind.PARAMETERS,
    "award.yaml": PieceKind.AWARD,
    "jurisdiction.yaml": PieceKind.JURISDICTION,
    "law.yaml": PieceKind.LAW,
}


def kind_of(path: str) -> PieceKind:
    """Return what the file at ``path`` says."""
    place = PurePosixPath(path)
    if "scenarios" in place.parts:
        return PieceKind.SCENARIO
    if "documents" in place.parts and place.suffix == ".yaml":
        return PieceKind.DOCUMENT
    return _BY_SUFFIX.get(place.suffix) or _BY_NAME.get(place.name, PieceKind.OTHER)


def title_of(package: Package, path: str) -> str:
    """Return the Chinese name of a file, its own where the package does not name it."""
    diagram = package.diagrams.get(path)
    if diagram is not None:
        return diagram.name or diagram.process_id
    ident = PurePosixPath(path).stem
    document = package.documents.get(ident)
    if document is not None and kind_of(path) is PieceKind.DOCUMENT:
        return document.title
    table = next((table for table in package.parts.tables.values() if table.file == path), None)
    if table is not None:
        return table.name or ident
    return str(_properties(package, path).get("title", ident))


def _properties(package: Package, path: str) -> dict[str, object]:
    """Return the properties of a form that can be read, where its title stands."""
    if kind_of(path) is not PieceKind.FORM or path not in package.files:
        return {}
    with suppress(JsonMistake):
        form = parse_json(package.files[path], path)
        found = form.get("properties") if isinstance(form, dict) else None
        return dict(found) if isinstance(found, dict) else {}
    return {}
