"""The closure of an award: every file its meaning depends on, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from types import MappingProxyType

from service.catalog.bpmn.model import Diagram, Element
from service.catalog.bpmn.read import read_diagram
from service.catalog.scoring.scoring import edition_of
from service.catalog.source.xml import XmlMistake
from service.catalog.source.yaml import YamlList, YamlMap, YamlMistake, YamlValue, iterate_scalars, parse_yaml
from service.catalog.tables.tables import read_table
from service.catalog.tree import Files, Places, get_file_stem

_STRINGS = re.compile(r'"([^"]*)"')
_PART = re.compile(rb"\b(?:include|form|document): *['\"]?(\w+)")


def collect_award_files(files: Files, jurisdiction: str, award: str) -> Files:
    """Return the files that define an award.

    Its own diagrams, tables, documents and forms; of the shared pieces those that it begins or calls,
    is decided by, issues or fills in; scoring editions it names; award, law and jurisdiction.
    A shared diagram that cannot be read belongs to every award: it may be the one that is called.
    """
    places = Places(files, jurisdiction, award)
    award_diagrams, shared_diagrams = places.diagrams()
    written = _read_yaml(files, places.award_file)
    diagrams = _with_called(files, award_diagrams, shared_diagrams, {str(word) for word in iterate_scalars(written)})
    named = _named_by_diagrams(diagrams)
    parameter_texts, vocabulary = _collect_parameters(files, places)
    values = {str(value) for value in (*iterate_scalars(written), *iterate_scalars(parameter_texts))}
    editions = {edition for word in (*named, *values) if (edition := edition_of(word))}
    chosen = {places.award_file, places.parameters_file, places.jurisdiction_file, places.law_file, *vocabulary}
    chosen.add(places.plan_file)
    chosen.update(path for path in shared_diagrams if _read_diagram(files, path) is None)
    chosen.update(
        award_diagrams, diagrams, places.tables()[0], places.list_award_documents(), places.list_award_forms()
    )
    chosen.update(places.layouts().values())
    chosen.update(_iterate_used_paths(places.documents(), named))
    within = _named_by_documents(files, chosen)
    chosen.update(_iterate_used_paths(places.documents(), within))
    chosen.update(_iterate_used_paths(places.forms(), named | within | _forms_of(written)))
    words = named | editions | values
    chosen.update(path for name, path in places.scoring().items() if {name, _read_edition_name(files, path)} & words)
    chosen.update(path for path in places.tables()[1] if _table_names(files, path) & named)
    return MappingProxyType({path: files[path] for path in sorted(chosen) if path in files})


def _with_called(files: Files, award_paths: list[str], shared: list[str], begun: set[str]) -> dict[str, Diagram]:
    """Follow call activities from the own diagrams, and those that are ``begun`` by name, into the shared ones."""
    library = {d.process_id: path for path in shared if (d := _read_diagram(files, path))}
    diagrams: dict[str, Diagram] = {}
    waiting = [*award_paths, *(path for process, path in library.items() if process in begun)]
    while waiting:
        path = waiting.pop()
        diagram = _read_diagram(files, path)
        if path in diagrams or diagram is None:
            continue
        diagrams[path] = diagram
        waiting.extend(library[call.called] for call in diagram.calls if call.called in library)
    return diagrams


def _read_diagram(files: Files, path: str) -> Diagram | None:
    try:
        return read_diagram(files[path], path)
    except XmlMistake:
        return None


def _table_names(files: Files, path: str) -> set[str]:
    try:
        return {get_file_stem(path), read_table(files[path], path).id}
    except XmlMistake:
        return {get_file_stem(path)}


def _read_edition_name(files: Files, path: str) -> str:
    """Return how a scoring file names its edition, "" where it does not say."""
    with suppress(YamlMistake):
        document = parse_yaml(files[path], path)
        return str(document.entries.get("edition", "")) if isinstance(document, YamlMap) else ""
    return ""


def _named_by_documents(files: Files, chosen: set[str]) -> frozenset[str]:
    """Return every word by which a document may name another that it includes, or a form that it attaches."""
    texts = (files[path] for path in chosen if "/documents/" in path and path.endswith(".yaml") and path in files)
    return frozenset(word.decode() for text in texts for word in _PART.findall(text))


def _named_by_diagrams(diagrams: dict[str, Diagram]) -> frozenset[str]:
    """Return every word by which a diagram may name a form, table, document or scoring edition."""
    return frozenset(
        word for diagram in diagrams.values() for e in diagram.elements.values() for word in element_words(e)
    )


def _read_yaml(files: Files, path: str) -> YamlValue:
    with suppress(YamlMistake):  # the file's own problem is reported when it is read
        return parse_yaml(files.get(path, b""), path)
    return None


def _collect_parameters(files: Files, places: Places) -> tuple[YamlValue, list[str]]:
    """Return what is said of the award's parameters, and the files of the vocabulary that say something of them.

    A file of the vocabulary that cannot be read belongs to every award: it may say something of theirs.
    """
    award_entries = _get_entries(_read_yaml(files, places.parameters_file))
    shared = {path: _read_yaml(files, path) for path in places.vocabulary()}
    used = {
        path: _get_entries(vocabulary)
        for path, vocabulary in shared.items()
        if vocabulary is None or award_entries.keys() & _get_entries(vocabulary)
    }
    texts = [
        *award_entries.values(),
        *(entry for vocabulary in used.values() for ident, entry in vocabulary.items() if ident in award_entries),
    ]
    return YamlList(tuple(texts), 1), list(used)


def _get_entries(document: YamlValue) -> dict[str, YamlValue]:
    parameters = document.entries.get("parameters") if isinstance(document, YamlMap) else None
    return parameters.entries if isinstance(parameters, YamlMap) else {}


def _forms_of(value: YamlValue) -> frozenset[str]:
    """Return the forms that award.yaml names, wherever they stand."""
    if isinstance(value, YamlList):
        return frozenset().union(*map(_forms_of, value.items))
    if not isinstance(value, YamlMap):
        return frozenset()
    form_names = {str(item) for key, item in value.entries.items() if key in ("form", "start_form")}
    return frozenset(form_names).union(*map(_forms_of, value.entries.values()))


def element_words(element: Element) -> Iterator[str]:
    """Yield the names that an element uses: its form, decision and the strings in its expressions."""
    yield element.form
    yield element.decision
    expressions = [*element.properties.values(), element.payload]
    if element.operation:
        expressions.extend(element.operation.parameters.values())
    for text in expressions:
        yield from _STRINGS.findall(text)


def _iterate_used_paths(pieces: dict[str, str], words: frozenset[str]) -> Iterator[str]:
    return (path for name, path in pieces.items() if name in words)
