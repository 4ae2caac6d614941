"""Kinds of files of a package, and what each file is called."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from enum import Enum
from pathlib import PurePosixPath
from typing import Any

from service.catalog.package import Package
from service.catalog.patterns.patterns import FORMS, PatternMistake, fill_form
from service.catalog.source.json import JsonMistake, parse_json
from service.catalog.tree import get_file_stem, iterate_folder_files
from service.catalog.wording.word_lists import pattern_words
from service.domain.text import Text

FROM = "from_pattern"
_SLOT = re.compile(r"\$\{([\w.]+)\}")


def made_of_patterns(files: Mapping[str, bytes], path: str, schema: Any) -> dict[str, Any]:
    """Return by place (``/components/3``, "" for the whole form) what each piece taken from a pattern becomes.

    What cannot be made is left out; filling the whole form says why.
    """
    filled_pieces: dict[str, Any] = {}
    for place, piece in _pieces(schema, ""):
        with suppress(PatternMistake, JsonMistake):
            filled_pieces[place] = fill_form(files, path, piece)
    return filled_pieces


def patterns_offered(files: Mapping[str, bytes]) -> dict[str, tuple[str, ...]]:
    """Return the patterns of forms by name, each with its slots in order."""
    slots_by_pattern = {}
    for path in sorted(iterate_folder_files(files, FORMS, ".json")):
        slots = dict.fromkeys(_SLOT.findall(files[path].decode("utf-8", "replace")))
        slots_by_pattern[get_file_stem(path)] = tuple(
            slot for slot in slots if slot != "place" and not slot.startswith("role.")
        )
    return slots_by_pattern


def takers_of_pattern(files: Mapping[str, bytes], name: str) -> tuple[str, ...]:
    """Return the forms that take pattern ``name``, other patterns included."""
    word = f'"{FROM}": "{name}"'
    return tuple(sorted(path for path, data in files.items() if path.endswith(".json") and word.encode() in data))


def is_pattern(content: bytes, path: str) -> bool:
    """Tell whether the whole form ``path`` comes from a pattern."""
    with suppress(JsonMistake):
        if not path.endswith(".json") or FROM.encode() not in content:
            return False
        schema = parse_json(content, path)
        return isinstance(schema, dict) and FROM in schema
    return False


def _pieces(value: Any, place: str) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        if FROM in value:
            yield place, value
        for key, item in value.items():
            yield from _pieces(item, f"{place}/{key}")
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _pieces(item, f"{place}/{index}")


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
SINGLE_FILE_KINDS = {
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
    if kind_of(path) in SINGLE_FILE_KINDS:
        return SINGLE_FILE_KINDS[kind_of(path)].zh
    ident = PurePosixPath(path).stem
    document = package.documents.get(ident)
    if document is not None and kind_of(path) is PieceKind.DOCUMENT:
        return document_name(package, ident)
    table = next((table for table in package.parts.tables.values() if table.file == path), None)
    if table is not None:
        return table.name or ident
    contents = files or package.files
    if kind_of(path) is PieceKind.SCENARIO and path in contents:
        return title_in(contents[path], path)
    return str(_read_properties(contents, path).get("title", ident))


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
        return str(_read_properties({path: content}, path).get("title") or ident)
    match = _NAMED.get(kind, _NO_NAME).search(content.decode("utf-8", "replace"))
    title = "" if match is None else match[1].strip("'\"").replace("$", "")
    return plain_title(title) or ident


def plain_title(title: str) -> str:
    """Return the title of a document as people read it where no case fills it in, "" where nothing else stands in it."""
    plain = _BRACES.sub("……", title)
    return plain if plain.strip("… ") else ""


def names_apart(files: Iterable[tuple[str, PieceKind, str]], package: Package) -> Mapping[str, str]:
    """Return the name of each file, given as (path, kind, title); files of one kind that are called alike say which.

    What all places share and what is a place's own are told apart in words, several of either by the diagram within which
    each stands, else by number.
    """
    files = tuple(files)
    alike = Counter((kind, title) for _, kind, title in files)
    sides = Counter((kind, title, _is_shared(path)) for path, kind, title in files)
    names, seen = {}, Counter[tuple[PieceKind, str, bool]]()
    for path, kind, title in files:
        many = sides[kind, title, _is_shared(path)]
        side = "" if many == alike[kind, title] else "各地通用" if _is_shared(path) else "本地"
        seen[kind, title, _is_shared(path)] += 1
        which = f"{side} {seen[kind, title, _is_shared(path)] if many > 1 else ''}".strip()
        within = _list_callers(package, path) if many > 1 and kind is PieceKind.DIAGRAM else ()
        which = f"{within[0]}中" if len(within) == 1 else which
        names[path] = title if alike[kind, title] == 1 else f"{title}（{which}）"
    return names


def _list_callers(package: Package, path: str) -> tuple[str, ...]:
    """Return the names of the diagrams that call a diagram."""
    called = package.diagrams[path].process_id if path in package.diagrams else None
    callers = (each for each in package.diagrams.values() if called in {call.called for call in each.calls})
    return tuple(dict.fromkeys(each.name for each in callers))


def _is_shared(path: str) -> bool:
    return PurePosixPath(path).parts[1:2] == ("shared",)


def _read_properties(files: Mapping[str, bytes], path: str) -> dict[str, object]:
    """Return the properties of a form that can be read, where its title stands."""
    if kind_of(path) is not PieceKind.FORM or path not in files:
        return {}
    with suppress(JsonMistake):
        form = parse_json(files[path], path)
        properties = form.get("properties") if isinstance(form, dict) else None
        return dict(properties) if isinstance(properties, dict) else {}
    return {}


_GAP = re.compile(r"\$\{([\w.]+)\}")
_SAYS_NOTHING = re.compile(r"[\w.\s${}]*", re.ASCII)


def pattern_name(files: Mapping[str, bytes], path: str) -> str:
    """Return what the pattern at ``path`` is called: its title, or the name that is listed for it."""
    title = title_in(files.get(path, b""), path)
    return get_default_title(path) if _SAYS_NOTHING.fullmatch(title) else title


def get_default_title(path: str) -> str:
    """Return what a shared piece is called that leaves its own name open, its stem where nobody says it.

    A name is listed by the stem of the file, or by its whole name where a diagram and a form have one stem.
    """
    title = pattern_words().get(get_file_stem(path)) or pattern_words().get(path.rpartition("/")[2])
    return title.zh if title else get_file_stem(path)


def slot_places(pattern: Any) -> Mapping[str, str]:
    """Return by slot of a pattern of forms the key of the component whose words or settings it fills in."""
    places: dict[str, str] = {}
    for component in _iterate_components(pattern):
        key = str(component.get("key") or component.get("path") or component.get("id") or "")
        inside = {name: value for name, value in component.items() if name != "components"}
        for slot in _GAP.findall(str(inside)):
            places.setdefault(slot, key)
    return places


def _iterate_components(value: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            if isinstance(inner, list):
                for item in inner:
                    yield from _iterate_components(item)
