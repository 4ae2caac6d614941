"""What an expectation, or a step that must be refused, looks at: kinds of records and their names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from service.catalog.package import Package

Trace = tuple[str, str]
"""A kind of record and its name, "" for any of that kind."""
_AT_ELEMENT = ("reached", "task", "waiting", "timer", "prefill")
_NAMED = ("notice", "finding", "document", "fact", "party", "sanction")
_OF_KIND = ("award", "ballot", "panel", "mail", "file", "sanction")
_BY_OPERATION = {
    "ballot.": ("ballot",),
    "register.": ("award", "sanction"),
    "review.": ("panel", "task"),
    "experts.": ("panel",),
    "recusal.": ("panel",),
    "scores.": ("ballot", "panel"),
    "case.tell": ("mail",),
    "mail.": ("mail",),
    "case.bind": ("party",),
    "case.start": ("outcome",),
    "list.": ("file",),
}
"""What the operations leave that begin with these words."""
_TASKS = ("complete", "each", "claim", "send_back", "take_back", "confirm")


def looked_at(package: Package, row: Mapping[str, Any]) -> frozenset[Trace]:
    """Return what an expectation, or a step that must be refused, looks at."""
    found: set[Trace] = set()
    for kind in _AT_ELEMENT:
        if kind in row:
            found.add(("element", str(row[kind])))
    found |= {(kind, str(row[kind])) for kind in _NAMED if kind in row}
    found |= {(kind, "") for kind in _OF_KIND if kind in row}
    if "outcome" in row:
        found.add(("outcome", str(row["outcome"])))
    elif "status" in row:
        found.add(("end", ""))
    if "history" in row:
        found |= {("history", ""), ("element", str(row.get("element", "")))}
    if "refused" in row:
        found.update(_refused(package, row))
    return frozenset(found)


def left_by(operation: str) -> Iterator[Trace]:
    """Yield the traces of an operation by its name."""
    yield from ((kind, "") for start, kinds in _BY_OPERATION.items() if operation.startswith(start) for kind in kinds)


def _refused(package: Package, row: Mapping[str, Any]) -> Iterator[Trace]:
    for verb in _TASKS:
        if verb in row:
            yield "element", str(row[verb])
    for verb in ("start", "lodge"):
        if verb in row:
            yield "process", str(row[verb])
            info = package.award.processes.get(str(row[verb]))
            if info is not None and info.subject_condition:  # it asks what is on record
                yield from (("award", ""), ("sanction", ""))
    for verb in ("action", "public"):
        if verb in row:
            yield "action", str(row[verb])
    for verb in ("correct", "recall"):
        if verb in row:
            yield "notice", str(row[verb])
    if row.keys() & {"vote", "hall", "recuse", "close_vote"}:
        yield "ballot", ""
