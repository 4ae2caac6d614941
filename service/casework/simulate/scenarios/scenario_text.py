"""A scenario as a file in the stable format, one step or expectation per line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import yaml
from ruamel.yaml.comments import CommentedMap, merge_attrib

from service.catalog.source.formatting import format_file, load_yaml
from service.catalog.source.yaml import parse_yaml, to_plain_value
from service.domain.calendar import CalendarYear

_WIDE = 10_000


@dataclass(slots=True)
class ScenarioDraft:
    """What a scenario file says, as plain values: rows of ``steps`` and ``expect`` as they stand in the file."""

    title: str
    start: date
    organisations: dict[str, dict[str, Any]]
    clauses: Sequence[str] = ()
    parameters: Mapping[str, Any] = field(default_factory=dict)
    steps: list[dict[str, Any]] = field(default_factory=list)
    expect: list[dict[str, Any]] = field(default_factory=list)
    years: Sequence[CalendarYear] = ()


def scenario_text(draft: ScenarioDraft, path: str = "scenario.yaml") -> bytes:
    """Return ``draft`` as the file at ``path`` says it."""
    lines = [f"title: {format_flow_yaml(draft.title)}\n"]
    lines += [f"clauses: {format_flow_yaml(list(draft.clauses))}\n"] if draft.clauses else []
    lines.append(f"start: {draft.start.isoformat()}\n")
    if draft.organisations:
        lines += [
            "organisations:\n",
            *(
                f"  {format_flow_yaml(nick)}: {format_flow_yaml(details)}\n"
                for nick, details in draft.organisations.items()
            ),
        ]
    if draft.parameters:
        lines += [
            "parameters:\n",
            *(f"  {format_flow_yaml(name)}: {format_flow_yaml(value)}\n" for name, value in draft.parameters.items()),
        ]
    if draft.years:
        lines += [
            "calendar_years:\n",
            *(f"  {year.year}: {format_flow_yaml(_build_days(year))}\n" for year in draft.years),
        ]
    lines += _write_rows("steps", draft.steps)
    lines += _write_rows("expect", draft.expect)
    return format_file(path, "".join(lines).encode())


def read_draft(content: bytes) -> ScenarioDraft:
    """Return what a file written by `scenario_text` says, to be written on; raises YamlMistake."""
    data: Any = to_plain_value(parse_yaml(content, "scenario.yaml"))
    return ScenarioDraft(
        title=str(data["title"]),
        start=data["start"],
        organisations={nick: dict(details or {}) for nick, details in (data.get("organisations") or {}).items()},
        clauses=tuple(data.get("clauses") or ()),
        parameters=dict(data.get("parameters") or {}),
        steps=[dict(row) for row in data.get("steps") or ()],
        expect=[dict(row) for row in data.get("expect") or ()],
    )


def _build_days(year: CalendarYear) -> dict[str, Any]:
    off = [{"name": span.name.zh, "from": span.first, "to": span.last} for span in year.days_off]
    return {"days_off": off, **({"make_up": sorted(year.make_up)} if year.make_up else {})}


def _write_rows(key: str, rows: Iterable[Mapping[str, Any]]) -> list[str]:
    written = [f"  - {format_flow_yaml(row)}\n" for row in rows]
    return [f"{key}:\n", *written] if written else []


def format_flow_yaml(value: Any) -> str:
    """Return a value as YAML on one line."""
    text: str = yaml.safe_dump(
        plain_values(value), allow_unicode=True, sort_keys=False, width=_WIDE, default_flow_style=True
    )
    return text.removesuffix("\n").removesuffix("...").rstrip("\n")


def plain_values(value: Any) -> Any:
    """Return ``value`` without what a file cannot say: a time to the minute, texts and numbers as nothing more than these."""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    if isinstance(value, Mapping):
        return {str(key): plain_values(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain_values(inner) for inner in value]
    if isinstance(value, bool):
        return value
    return next((kind(value) for kind in (str, int, float) if isinstance(value, kind)), value)


def as_typed(value: Any) -> str:
    """Return a value of a row as it is typed into one box: a word, a number, a day, or lists and mappings on one line."""
    if value is None:
        return ""
    if isinstance(value, Mapping | list):
        return format_flow_yaml(value)
    return str(value).lower() if isinstance(value, bool) else str(plain_values(value))


def written_over(node: Any, value: Any) -> Any:
    """Return ``node`` of a document so changed that it says ``value``; a piece that is repeated elsewhere is not changed."""
    if format_flow_yaml(node) == format_flow_yaml(value):
        return node
    if (
        not isinstance(node, CommentedMap)
        or not isinstance(value, Mapping)
        or getattr(node, merge_attrib, None)
        or node.anchor.value
    ):
        return load_yaml(format_flow_yaml(value) + "\n")
    for key in [key for key in node if key not in value]:
        del node[key]
    for key, inner in value.items():
        node[key] = written_over(node[key], inner) if key in node else load_yaml(format_flow_yaml(inner) + "\n")
    return node
