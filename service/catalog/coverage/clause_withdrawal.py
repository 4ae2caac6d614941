"""What becomes of what cites clauses that go: what rests on them alone goes too, what rests on others cites those alone."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from service.catalog.bpmn.read import read_diagram
from service.catalog.bpmn.taken_out import change_element, taken_out
from service.catalog.coverage.matrix import ClauseSource, matrix
from service.catalog.law.clause_uses import ClauseUse, uses_of_clause
from service.catalog.layout.draw import layout_diagram
from service.catalog.layout.drawn import has_drawing
from service.catalog.package import Package
from service.catalog.parameters.parameter_entries import change_parameter, remove_parameter
from service.catalog.patterns.patterns import fill_patterns, uses_of, without_pattern
from service.catalog.source.formatting import dump_yaml, load_yaml
from service.catalog.source.json import as_json_file
from service.catalog.table_sheets.sheet import read_sheet
from service.catalog.table_sheets.write import write_sheet
from service.catalog.tree import Files, below, stem

_CITING = ("proves", "clauses")
_FIXED = ("startEvent", "endEvent")
"""What a diagram cannot be without: a person decides."""


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """What becomes of what cites clauses that go; ``files`` are the texts that change, by path.

    ``gone`` rests on these clauses alone and goes with them; ``kept`` rests on others too and cites those alone from now
    on. ``left`` are the lines that still name one of the clauses: a person sees to them first.
    """

    files: Mapping[str, bytes]
    gone: tuple[ClauseSource, ...]
    kept: tuple[ClauseSource, ...]
    left: tuple[ClauseUse, ...]


def withdrawn(files: Files, filled: Files, package: Package, clauses: Collection[str]) -> Withdrawal:
    """Return what becomes of what cites ``clauses``; ``files`` have patterns unfilled, ``filled`` have none left.

    Nothing is taken away that another clause rests on, and no parameter or field that the rest reads.
    """
    draft = _Draft(package, filled, frozenset(clauses), dict(files))
    places = [place for place in matrix([package]).places if not draft.clauses.isdisjoint(place.clauses)]
    order = sorted(places, key=lambda place: place.kind == "parameter")  # what reads a parameter goes before it
    gone: list[ClauseSource] = []
    kept: list[ClauseSource] = []
    for place in order:
        rest = tuple(clause for clause in place.clauses if clause not in draft.clauses)
        edit = _EDITS.get(place.kind, _element if place.process else None)
        if edit is not None and place.file.startswith(f"processes/{package.key}/") and edit(draft, place, rest):
            (kept if rest else gone).append(place)
    for path in list(below(draft.files, f"processes/{package.key}/scenarios", ".yaml")):
        _unclaimed(draft, path, look=not gone)
    changed = {path: data for path, data in draft.files.items() if files.get(path) != data}
    after, city = fill_patterns(draft.files)[0], package.jurisdiction.id
    left = [
        use
        for clause in sorted(draft.clauses)
        for use in uses_of_clause(after, city, clause)
        if not ("/scenarios/" in use.path and use.text.startswith("title:"))  # a name cites nothing
    ]
    return Withdrawal(changed, tuple(gone), tuple(kept), tuple(left))


@dataclass
class _Draft:
    """The files of a draft while clauses are taken out of them."""

    package: Package
    filled: Files
    clauses: frozenset[str]
    files: dict[str, bytes]

    def content(self, path: str) -> bytes:
        return self.files[path] if path in self.files else self.filled[path]

    def write(self, path: str, content: bytes) -> None:
        """Write a file; what was made from a pattern is the place's own from now on."""
        uses = None if path in self.files else without_pattern(self.files, path)
        self.files[path] = content
        if uses is not None:
            self.files[uses_of(path)] = uses


def _element(draft: _Draft, place: ClauseSource, rest: tuple[str, ...]) -> bool:
    """Take an element out of its diagram, or let it cite the ``rest`` alone; tell whether that could be done."""
    content = draft.content(place.file)
    before = read_diagram(content, place.file).elements
    drawn = draft.package.diagrams[place.file].elements.get(place.element)
    if drawn is None or drawn.clauses != place.clauses:
        return False  # a flow, the process itself, or a citation that a call hands on
    if place.element not in before:
        return True
    if rest:
        draft.write(place.file, change_element(content, place.file, place.element, {"clauses": " ".join(rest)}, {}))
        return True
    if place.kind in _FIXED:
        return False
    bare = taken_out(content, place.element)
    after = read_diagram(bare, place.file).elements
    lost = [element for ident, element in before.items() if ident not in after and ident != place.element]
    if any(set(element.clauses) - draft.clauses for element in lost):
        return False
    draft.write(place.file, layout_diagram(bare, place.file) if has_drawing(content) else bare)
    return True


def _row(draft: _Draft, place: ClauseSource, rest: tuple[str, ...]) -> bool:
    content = draft.content(place.file)
    sheet = read_sheet(content, place.file)
    at = next(n for n, column in enumerate(sheet.outputs) if column.name == "clauses")
    cell = f'"{" ".join(rest)}"'
    rows = tuple(
        replace(row, outputs=(*row.outputs[:at], cell, *row.outputs[at + 1 :])) if row.id == place.element else row
        for row in sheet.rows
        if rest or row.id != place.element
    )
    if not rows:
        return False
    draft.write(place.file, write_sheet(content, place.file, replace(sheet, rows=rows)))
    return True


def _field(draft: _Draft, place: ClauseSource, rest: tuple[str, ...]) -> bool:
    schema = json.loads(draft.content(place.file))
    if not rest and any(_reads(draft, f"{stem(place.file)}.{place.element}", place.file)):
        return False
    if not _changed_field(schema.get("components") or [], place.element, rest):
        return False
    draft.write(place.file, as_json_file(schema))
    return True


def _changed_field(items: list[dict[str, Any]], wanted: str, rest: tuple[str, ...], above: str = "") -> bool:
    """Take the field ``wanted`` out of ``items`` or the groups among them, or let it cite the ``rest`` alone."""
    for item in items:
        own = str(item.get("path") or item.get("key") or "")
        path = ".".join(part for part in (above, own) if part)
        if wanted == (path if own else str(item.get("id", ""))):
            if rest:
                item["properties"]["clauses"] = " ".join(rest)
            else:
                items.remove(item)
            return True
        if _changed_field(item.get("components") or [], wanted, rest, path):
            return True
    return False


def _parameter(draft: _Draft, place: ClauseSource, rest: tuple[str, ...]) -> bool:
    ident, text = place.element.partition(".")[2], draft.content(place.file).decode()
    names = (f"param.{ident}", f'"{ident}"')
    if not rest and any(said for name in names for said in _reads(draft, name, place.file)):
        return False
    changed = change_parameter(text, ident, {"clauses": list(rest)}) if rest else remove_parameter(text, ident)
    draft.write(place.file, changed.encode())
    return True


def _reads(draft: _Draft, name: str, own: str) -> Iterator[bool]:
    """Yield for every file of the package beside its ``own`` whether it says ``name``."""
    said = re.compile(rf"(?<![\w.]){re.escape(name)}(?![\w])")
    for path, before in draft.package.files.items():
        if path != own and "/scenarios/" not in path:
            yield said.search(draft.files.get(path, before).decode("utf-8", "replace")) is not None


def _unclaimed(draft: _Draft, path: str, *, look: bool) -> None:
    """Let a scenario claim none of the clauses any more; ``look``: what it expects of them stays, else that goes too."""
    text = draft.content(path).decode("utf-8", "replace")
    if not any(clause in text for clause in draft.clauses):
        return
    document = load_yaml(text)
    if _without(document, draft.clauses, look=look):
        draft.write(path, dump_yaml(document).encode())


def _without(node: Any, clauses: frozenset[str], *, look: bool) -> bool:
    """Take ``clauses`` out of every list of clauses below ``node``; tell whether there were any."""
    if isinstance(node, list):
        idle = [] if look else [item for item in node if _proves_only(item, clauses)]
        for item in idle:
            node.remove(item)
        found = [_without(item, clauses, look=look) for item in node]
        return any(found) or bool(idle)
    if not isinstance(node, dict):
        return False
    named = False
    for key in list(node):
        if key in _CITING and isinstance(node[key], list):
            gone = [one for one in node[key] if one in clauses]
            for one in gone:
                node[key].remove(one)
            if gone and not node[key]:
                del node[key]
            named = named or bool(gone)
        else:
            named = _without(node[key], clauses, look=look) or named
    return named


def _proves_only(item: Any, clauses: frozenset[str]) -> bool:
    """Tell whether an expectation, among the others or as a step of its own, proves nothing but ``clauses``."""
    if not isinstance(item, dict):
        return False
    expected = item.get("expect") if set(item) == {"expect"} else item if "case" in item and "as" not in item else None
    proves = expected.get("proves") if isinstance(expected, dict) else None
    return isinstance(proves, list) and bool(proves) and clauses.issuperset(proves)


_EDITS: Mapping[str, Callable[[_Draft, ClauseSource, tuple[str, ...]], bool]] = {
    "table_row": _row,
    "form_field": _field,
    "parameter": _parameter,
}
