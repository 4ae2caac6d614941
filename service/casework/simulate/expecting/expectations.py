"""Expectations of a scenario, compared with the records: dates, findings, outcomes, documents, awards."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from service.casework.simulate.expecting.records import EMPTY, KINDS, Facts, Row
from service.casework.simulate.scenarios.scenario import ScenarioMistake
from service.casework.simulate.stage.stage import PlayState
from service.catalog.law.proof import PROVES
from service.domain.text import Text

ANY = frozenset({"case", "contains", "lacks", "ends", "times", "no", "why", PROVES})
"""Keys that every expectation may have beside those of its kind."""
_RESULTS = frozenset({"outcome", "status"})
"""Kinds of which a case has one, so that another one came instead."""
_MAY_BE_MISSING = frozenset({"award", "document", "notice", "sanction"})
"""Kinds of which there may be none instead."""
_NUMBERED = re.compile(r"[0-9](?:[0-9,.]*[0-9])?")
_BY_NUMBER = re.compile(f"({_NUMBERED.pattern})")
_WRITABLE = (str, int, float, bool, date)
_SHOWN = 400
"""How much of a text is shown where it does not contain what it should."""
_NEAR = 6
"""How many records are shown where none is the one expected."""


def unmet_in(stage: PlayState, row: Row) -> list[Text]:
    """Return a sentence for each part of expectation ``row`` that is not met; none when it is met.

    The first of the keys of KINDS in ``row`` says what is looked at; every other key must agree with
    one of the records found. ``times`` counts them; ``contains`` and ``lacks`` (a text or several) say what their
    text holds and does not hold, ``ends`` how it ends; ``no: true`` wants none;
    ``why`` and ``proves`` are for readers.
    """
    kind = kind_of(row)
    records = KINDS[kind](stage, row)
    wanted = {k: v for k, v in row.items() if k not in ANY}
    fitting = [
        f for f in records if all(_is_same_value(f.get(k), v) for k, v in wanted.items()) and _has_wanted_text(f, row)
    ]
    if row.get("no"):
        return [_describe_unmet(row, fitting)] if fitting else []
    records = [f for f in records if _is_same_value(f.get(kind), row[kind])] or records
    if "times" in row:
        return [] if len(fitting) == row["times"] else [_describe_unmet(row, records)]
    return [] if fitting else [_describe_unmet(row, records)]


@dataclass(frozen=True, slots=True)
class Deviation:
    """In what the record nearest to an expectation deviates from it."""

    key: str
    wanted: str
    found: str


def collect_deviations(stage: PlayState, row: Row) -> tuple[Deviation, ...]:
    """Return in what the record that agrees best deviates from ``row``; nothing where no record is of its kind."""
    kind = kind_of(row)
    wanted = {k: v for k, v in row.items() if k not in ANY}
    near = [f for f in KINDS[kind](stage, row) if _is_same_value(f.get(kind), row[kind])]
    if not near or row.get("no") or "times" in row:
        return ()
    best = max(near, key=lambda f: sum(_is_same_value(f.get(k), v) for k, v in wanted.items()))
    return tuple(
        Deviation(k, _format_plain(v), _format_plain(best.get(k)))
        for k, v in wanted.items()
        if not _is_same_value(best.get(k), v)
    )


def as_it_came(stage: PlayState, row: Row) -> dict[str, Any] | None:
    """Return ``row`` with the results that came instead of those it names, so that it is met; None where none can be named.

    Of what a letter says only numbers are exchanged; how often something happened and what must not be never is.
    """
    kind = kind_of(row)
    if row.get("no") or "times" in row:
        return None
    records = KINDS[kind](stage, row)
    near = [record for record in records if _is_same_value(record.get(kind), row[kind])] or (
        records if kind in _RESULTS else []
    )
    if not near:
        return (
            {key: row_value for key, row_value in row.items() if key in ("case", kind, "why", PROVES)} | {"no": True}
            if (kind in _MAY_BE_MISSING)
            else None
        )
    wanted = {key: row_value for key, row_value in row.items() if key not in ANY}
    best = max(
        near, key=lambda record: sum(_is_same_value(record.get(key), row_value) for key, row_value in wanted.items())
    )
    came: dict[str, Any] = {
        key: best.get(key) for key, row_value in wanted.items() if not _is_same_value(best.get(key), row_value)
    }
    if not all(isinstance(new_value, _WRITABLE) for new_value in came.values()):
        return None
    if "contains" in row:
        parts = [replace_outdated_numbers(part, str(best.get("text", ""))) for part in _to_texts(row["contains"])]
        came["contains"] = parts if isinstance(row["contains"], list) else parts[0]
    after = {**row, **came}
    return None if unmet_in(stage, after) else after


def replace_outdated_numbers(part: str, text: str) -> str:
    """Return what ``text`` says instead of ``part`` where only numbers differ and one place says it so; else the same."""
    if part in text:
        return part
    alike = "".join(
        _NUMBERED.pattern if _NUMBERED.fullmatch(text_part) else re.escape(text_part)
        for text_part in _BY_NUMBER.split(part)
    )
    matches = {match.group() for match in re.finditer(alike, text)} if _NUMBERED.search(part) else set()
    return matches.pop() if len(matches) == 1 else part


def propose_alternatives(stage: PlayState, row: Row) -> tuple[dict[str, Any], ...]:
    """Return what is there instead of what ``row`` wants, each as an expectation would say it; the nearest first."""
    kind = kind_of(row)
    records = KINDS[kind](stage, row)
    near = [f for f in records if _is_same_value(f.get(kind), row[kind])] or records
    keys = dict.fromkeys((kind, *(key for key in row if key not in ANY)))
    return tuple(_as_row(record, keys, row) for record in near[:_NEAR])


def _as_row(record: Mapping[str, Any], keys: Iterable[str], row: Row) -> dict[str, Any]:
    values = {key: record[key] for key in keys if record.get(key) is not None}
    return {**values, "contains": str(record["text"])[:_SHOWN]} if _reads_text(row) and record.get("text") else values


def _format_plain(value: object) -> str:
    if isinstance(value, list | tuple):
        return "、".join(map(str, value))
    return "" if value is None else str(value)


def kind_of(row: Row) -> str:
    """Return what expectation ``row`` looks at; raises ScenarioMistake."""
    kind = next((k for k in KINDS if k in row), None)
    if kind is None:
        raise ScenarioMistake(
            Text(
                f"期望 {dict(row)} 没有写明看什么，可用：{'、'.join(KINDS)}。",
                f"Expectation {dict(row)} names none of {', '.join(KINDS)}.",
            )
        )
    return kind


def _has_wanted_text(record: Mapping[str, Any], row: Row) -> bool:
    """Return whether the record's text holds, lacks and ends with what the expectation says of it."""
    text = str(record.get("text", ""))
    contains, lacking = (_to_texts(row.get(key)) for key in ("contains", "lacks"))
    return (
        all(part in text for part in contains)
        and not any(part in text for part in lacking)
        and text.endswith(str(row.get("ends", "")))
    )


def _to_texts(value: object) -> list[str]:
    if value is None:
        return []
    return [str(part) for part in value] if isinstance(value, list) else [str(value)]


def _is_same_value(actual: object, wanted: object) -> bool:
    if isinstance(wanted, datetime | date):
        return str(actual)[: len(wanted.isoformat())] == wanted.isoformat()
    if isinstance(wanted, list):
        return isinstance(actual, Sequence) and [str(x) for x in actual] == [str(x) for x in wanted]
    return actual == wanted or str(actual) == str(wanted)


def _describe_unmet(row: Row, records: Facts) -> Text:
    records_text = "；".join(str(_cut_text(f, _reads_text(row))) for f in records[:_NEAR]) or "无"
    empty = [reason for f in records[:_NEAR] if (reason := f.get(EMPTY))]
    zh, en = "；".join(dict.fromkeys(s.zh for s in empty)), "; ".join(dict.fromkeys(s.en for s in empty))
    return Text(
        (f"不明：{zh}。" if zh else "") + f"期望 {dict(row)}，实有：{records_text}",
        (f"Unknown: {en}. " if en else "") + f"Expected {dict(row)}, found: {records_text}",
    )


def _reads_text(row: Row) -> bool:
    return bool(row.keys() & {"contains", "lacks", "ends"}) and not row.get("no")


def _cut_text(record: Mapping[str, Any], looked_into: bool) -> dict[str, Any]:
    """Return what is said of a record; of its text only the beginning, and only where that was looked into."""
    values = {k: v for k, v in record.items() if v is not None and k not in ("text", EMPTY)}
    return {**values, "text": str(record["text"])[:_SHOWN]} if looked_into and record.get("text") else values


SPOKEN = frozenset(
    {"notice", "finding", "document", "task", "waiting", "prefill", "mail", "history", "party", "fact", "ballot"}
)
"""What has a text, so that an expectation may say what it holds, lacks and ends with."""
