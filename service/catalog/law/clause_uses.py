"""Where the files of a package name a clause, and how they come to name another one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from service.catalog.tree import Files

_TEXTS = (".bpmn", ".dmn", ".json", ".yaml")


@dataclass(frozen=True, slots=True)
class ClauseUse:
    """A line of a file that names a clause."""

    path: str
    line: int
    text: str


def uses_of_clause(files: Files, city: str, ident: str) -> tuple[ClauseUse, ...]:
    """Return every line of a city's files that names clause ``ident``, its own entry in the register left out."""
    return tuple(_uses(files, city, ident))


def rebound(files: Files, city: str, old: str, new: str) -> dict[str, str]:
    """Return the files of a city that name clause ``old``, with ``new`` in its place; the register's entries stay."""
    named, entry = _named(old), _entry(old)
    found = {}
    for path, text in texts_of_city(files, city):
        lines = [
            line if path.endswith("/law.yaml") and entry.search(line) else named.sub(new, line)
            for line in text.split("\n")
        ]
        if (after := "\n".join(lines)) != text:
            found[path] = after
    return found


def _uses(files: Files, city: str, ident: str) -> Iterator[ClauseUse]:
    named, entry = _named(ident), _entry(ident)
    for path, text in texts_of_city(files, city):
        for number, line in enumerate(text.splitlines() if ident in text else (), 1):
            if ident in line and named.search(line) and not (path.endswith("/law.yaml") and entry.search(line)):
                yield ClauseUse(path, number, line.strip())


def texts_of_city(files: Files, city: str) -> Iterator[tuple[str, str]]:
    """Yield path and text of every file that a city writes: diagrams, tables, forms, and all that is YAML."""
    for path in sorted(files):
        if path.startswith((f"processes/{city}/", f"forms/{city}/")) and path.endswith(_TEXTS):
            yield path, files[path].decode("utf-8", "replace")


def _named(ident: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-]){re.escape(ident)}(?![\w-])")


def _entry(ident: str) -> re.Pattern[str]:
    return re.compile(rf"\bid: ['\"]?{re.escape(ident)}['\"]?\s*(,|$)")
