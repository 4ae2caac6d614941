"""Kinds of files of a package, and what each file is called."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import suppress
from enum import Enum
from pathlib import PurePosixPath

from service.catalog.package import Package
from service.catalog.source.json import JsonMistake, parse_json
from service.domain.text import Text


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


_BRACES = re.compile(r"\{[^{}]*\}")
_NAMED = {
    PieceKind.DIAGRAM: re.compile(r"<bpmn:process\b[^<>]*?\bname=\"([^\"]+)\""),
    PieceKind.TABLE: re.compile(r"<decision\b[^<>]*?\bname=\"([^\"]+)\""),
    PieceKind.DOCUMENT: re.compile(r"^title:[ ]*(.+)$", re.MULTILINE),
    PieceKind.SCENARIO: re.compile(r"^title:[ ]*([^\s>|].*)$", re.MULTILINE),
}
_NO_NAME = re.compile(r"(?!)()")
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
ONLY_ONE = {
    PieceKind.PARAMETERS: Text("参数", "the parameters"),
    PieceKind.AWARD: Text("奖项", "the award"),
    PieceKind.JURISDICTION: Text("单位和角色", "bodies and roles"),
    PieceKind.LAW: Text("条款", "the clauses"),
}
"""What those files are called of which a package has one."""


def kind_of(path: str) -> PieceKind:
    """Return what the file at ``path`` says."""
    place = PurePosixPath(path)
    if "scenarios" in place.parts:
        return PieceKind.SCENARIO
    if "documents" in place.parts and place.suffix == ".yaml":
        return PieceKind.DOCUMENT
    return _BY_SUFFIX.get(place.suffix) or _BY_NAME.get(place.name, PieceKind.OTHER)


def title_of(package: Package, path: str, files: Mapping[str, bytes] | None = None) -> str:
    """Return the Chinese name of a file, its own where the package does not name it; ``files`` may hold more than it."""
    diagram = package.diagrams.get(path)
    if diagram is not None:
        return diagram.name or diagram.process_id
    if kind_of(path) in ONLY_ONE:
        return ONLY_ONE[kind_of(path)].zh
    ident = PurePosixPath(path).stem
    document = package.documents.get(ident)
    if document is not None and kind_of(path) is PieceKind.DOCUMENT:
        return document_name(package, ident)
    table = next((table for table in package.parts.tables.values() if table.file == path), None)
    if table is not None:
        return table.name or ident
    held = files or package.files
    if kind_of(path) is PieceKind.SCENARIO and path in held:
        return title_in(held[path], path)
    return str(_properties(held, path).get("title", ident))


def document_name(package: Package, ident: str) -> str:
    """Return what a document is called: its title, else the step that issues it, else its id."""
    title = plain_title(package.documents[ident].title)
    if title:
        return title
    issuing = (
        element.name
        for diagram in package.diagrams.values()
        for element in diagram.elements.values()
        if element.operation and f'"{ident}"' in element.operation.parameters.values()
    )
    return next((f"“{name}”的文书" for name in issuing if name), ident)


def title_in(content: bytes, path: str) -> str:
    """Return the name that a file gives itself though no package reads it, a pattern's with its gaps; its stem without one."""
    kind, ident = kind_of(path), PurePosixPath(path).stem
    if kind is PieceKind.FORM:
        return str(_properties({path: content}, path).get("title") or ident)
    found = _NAMED.get(kind, _NO_NAME).search(content.decode("utf-8", "replace"))
    said = "" if found is None else found[1].strip("'\"").replace("$", "")
    return plain_title(said) or ident


def plain_title(title: str) -> str:
    """Return the title of a document as people read it where no case fills it in, "" where nothing else stands in it."""
    plain = _BRACES.sub("……", title)
    return plain if plain.strip("… ") else ""


def names_apart(files: Iterable[tuple[str, PieceKind, str]]) -> Mapping[str, str]:
    """Return the name of each file, given as (path, kind, title); files of one kind that are called alike say which.

    What all places share and what is a place's own are told apart in words, several of either by number.
    """
    files = tuple(files)
    alike = Counter((kind, title) for _, kind, title in files)
    sides = Counter((kind, title, _is_shared(path)) for path, kind, title in files)
    found, seen = {}, Counter[tuple[PieceKind, str, bool]]()
    for path, kind, title in files:
        many = sides[kind, title, _is_shared(path)]
        side = "" if many == alike[kind, title] else "各地通用" if _is_shared(path) else "本地"
        seen[kind, title, _is_shared(path)] += 1
        which = f"{side} {seen[kind, title, _is_shared(path)] if many > 1 else ''}".strip()
        found[path] = title if alike[kind, title] == 1 else f"{title}（{which}）"
    return found


def _is_shared(path: str) -> bool:
    return PurePosixPath(path).parts[1:2] == ("shared",)


def _properties(files: Mapping[str, bytes], path: str) -> dict[str, object]:
    """Return the properties of a form that can be read, where its title stands."""
    if kind_of(path) is not PieceKind.FORM or path not in files:
        return {}
    with suppress(JsonMistake):
        form = parse_json(files[path], path)
        found = form.get("properties") if isinstance(form, dict) else None
        return dict(found) if isinstance(found, dict) else {}
    return {}
