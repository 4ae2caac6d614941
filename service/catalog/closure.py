"""The closure of an award: every file its meaning depends on, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from types import MappingProxyType

from service.catalog.bpmn.model import Diagram, Element
from service.catalog.bpmn.read import read_diagram
from service.catalog.scoring import edition_of
from service.catalog.source.xml import XmlMistake
from service.catalog.source.yaml import YamlMap, YamlMistake, YamlValue, parse_yaml, scalars
from service.catalog.tables import read_table
from service.catalog.tree import Files, Places, stem

_STRINGS = re.compile(r'"([^"]*)"')


def closure(files: Files, jurisdiction: str, award: str) -> Files:
    """Return the files that define an award.

    Its own diagrams, tables, documents and forms; of the shared pieces those that are called,
    decided by, issued or filled in; scoring editions it names; award, law and jurisdiction.
    """
    places = Places(files, jurisdiction, award)
    own_diagrams, shared_diagrams = places.diagrams()
    diagrams = _with_called(files, own_diagrams, shared_diagrams)
    words = _words(files, places, diagrams)
    chosen = {places.award_file, places.jurisdiction_file, places.law_file}
    chosen.update(own_diagrams, diagrams, places.tables()[0], places.own_documents(), places.own_forms())
    chosen.update(_used(places.documents(), words))
    chosen.update(_used(places.forms(), words))
    chosen.update(path for name, path in places.scoring().items() if {name, _edition(files, path)} & words)
    chosen.update(path for path in places.tables()[1] if _table_names(files, path) & words)
    return MappingProxyType({path: files[path] for path in sorted(chosen) if path in files})


def _with_called(files: Files, own: list[str], shared: list[str]) -> dict[str, Diagram]:
    """Follow call activities from the own diagrams into the shared ones."""
    library = {d.process_id: path for path in shared if (d := _diagram(files, path))}
    found: dict[str, Diagram] = {}
    waiting = list(own)
    while waiting:
        path = waiting.pop()
        diagram = _diagram(files, path)
        if path in found or diagram is None:
            continue
        found[path] = diagram
        waiting.extend(library[call.called] for call in diagram.calls if call.called in library)
    return found


def _diagram(files: Files, path: str) -> Diagram | None:
    try:
        return read_diagram(files[path], path)
    except XmlMistake:
        return None


def _table_names(files: Files, path: str) -> set[str]:
    try:
        return {stem(path), read_table(files[path], path).id}
    except XmlMistake:
        return {stem(path)}


def _edition(files: Files, path: str) -> str:
    """Return how a scoring file names its edition, "" where it does not say."""
    with suppress(YamlMistake):
        found = parse_yaml(files[path], path)
        return str(found.entries.get("edition", "")) if isinstance(found, YamlMap) else ""
    return ""


def _words(files: Files, places: Places, diagrams: dict[str, Diagram]) -> frozenset[str]:
    """Return every word by which a form, table, document or scoring edition may be named."""
    words = {word for diagram in diagrams.values() for e in diagram.elements.values() for word in element_words(e)}
    content = files.get(places.award_file, b"")
    with suppress(YamlMistake):  # the file's own problem is reported when it is read
        words.update(_text_scalars(parse_yaml(content, places.award_file)))
    words.update(edition for word in tuple(words) if (edition := edition_of(word)))
    return frozenset(words)


def element_words(element: Element) -> Iterator[str]:
    """Yield the names that an element uses: its form, decision and the strings in its expressions."""
    yield element.form
    yield element.decision
    expressions = [*element.properties.values(), element.payload]
    if element.operation:
        expressions.extend(element.operation.parameters.values())
    for text in expressions:
        yield from _STRINGS.findall(text)


def _text_scalars(value: YamlValue) -> Iterable[str]:
    return (item for item in scalars(value) if isinstance(item, str))


def _used(pieces: dict[str, str], words: frozenset[str]) -> Iterator[str]:
    return (path for name, path in pieces.items() if name in words)
