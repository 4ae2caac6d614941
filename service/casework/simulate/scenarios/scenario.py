"""Read a scenario file: organisations, steps with dates, expectations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, NamedTuple

from service.casework.desk.past_draws import PastDraw
from service.catalog.law.proof import PROVES
from service.catalog.scenarios.scenario_words import VERBS, scenario_faults
from service.catalog.source.yaml import YamlMistake, parse_yaml, plain
from service.domain.calendar import CHINA, CalendarYear, DayOff, YearStatus
from service.domain.errors import Invalid
from service.domain.text import Text


class ScenarioMistake(Invalid):
    """A scenario that cannot be read: the sentence names the step and the remedy."""

    code = "scenario_mistake"


@dataclass(frozen=True, slots=True)
class Move:
    """One step: ``verb`` with ``value`` (an element, a process, a date …) and the other keys as written."""

    number: int
    verb: str
    value: Any
    at: datetime | None
    who: str | None
    case: str | None
    keys: Mapping[str, Any]


class DrawKey(NamedTuple):
    """Which draw: the kind of case, the nickname of its organisation (empty: none), the stage, and the number of the draw."""

    process: str
    subject: str
    stage: str
    number: int


@dataclass(frozen=True, slots=True)
class RecordedDraws:
    """The draws of a round that happened; ``numbers`` are those of the experts on the register then, by nickname."""

    draws: Mapping[DrawKey, PastDraw]
    numbers: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Scenario:
    """A season. ``organisations`` are by nickname: name, uscc and whatever forms or awards need.

    ``recorded`` is there where it repeats a round that happened.
    """

    title: str
    file: str
    clauses: tuple[str, ...]
    start: datetime
    organisations: Mapping[str, Mapping[str, Any]]
    years: tuple[CalendarYear, ...]
    parameters: Mapping[str, Any]
    moves: tuple[Move, ...]
    expect: tuple[Mapping[str, Any], ...]
    recorded: RecordedDraws | None = None


def read_scenario(content: bytes, file: str) -> Scenario:
    """Read a scenario; raises ScenarioMistake with the step and what is wrong with it."""
    try:
        found = parse_yaml(content, file)
    except YamlMistake as mistake:
        raise ScenarioMistake(
            mistake.message if isinstance(mistake, Invalid) else Text(str(mistake), str(mistake))
        ) from mistake
    for fault in scenario_faults(found, file):
        where = f"{file} 第 {fault.line} 行", f"{file} line {fault.line}"
        sentence = f"{fault.message.zh}{fault.remedy.zh}", f"{fault.message.en} {fault.remedy.en}"
        raise ScenarioMistake(Text(f"{where[0]}：{sentence[0]}", f"{where[1]}: {sentence[1]}"))
    data: Any = plain(found)
    return Scenario(
        title=str(data.get("title", file)),
        file=file,
        clauses=tuple(data.get("clauses") or ()),
        start=instant(data["start"], time(9)),
        organisations=data.get("organisations") or {},
        years=tuple(_year(number, days) for number, days in (data.get("calendar_years") or {}).items()),
        parameters=data.get("parameters") or {},
        moves=tuple(move_of(file, n, one) for n, row in enumerate(data.get("steps") or [], 1) for one in _each_of(row)),
        expect=tuple(data.get("expect") or ()),
    )


def instant(value: object, default: time) -> datetime:
    """Return a date, or a date and time, written in Asia/Shanghai; a bare date means ``default`` o'clock."""
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=CHINA)
    if isinstance(value, date):
        return datetime.combine(value, default, CHINA)
    text = str(value).strip().replace(" ", "T")
    found = datetime.fromisoformat(text)
    return datetime.combine(found.date(), default, CHINA) if len(text) <= 10 else instant(found, default)


def _each_of(row: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return a step once for each name under ``every``, put in for ``$`` and ``role@$``; a step without it as it is."""
    words = row.get("every")
    if words is None:
        return [row]
    rest = {key: value for key, value in row.items() if key != "every"}
    return [_with_word(rest, str(word)) for word in words]


def _with_word(value: Any, word: str) -> Any:
    if isinstance(value, Mapping):
        return {key: _with_word(held, word) for key, held in value.items()}
    if isinstance(value, list):
        return [_with_word(held, word) for held in value]
    if isinstance(value, str) and value.endswith("@$"):
        return value[:-1] + word
    return word if value == "$" else value


def move_of(file: str, number: int, row: Mapping[str, Any]) -> Move:
    """Return a row of ``steps`` as the step it is; raises ScenarioMistake."""
    verbs = [v for v in VERBS if v in row]
    verb = verbs[0]
    if PROVES in row and "refused" not in row:
        raise ScenarioMistake(
            Text(
                f"{file} 第{number}步：proves 写在期望或者应被拒绝（refused）的步骤上。",
                f"{file} step {number}: proves belongs on an expectation, or on a step that must be refused.",
            )
        )
    at = instant(row["at"], time(9)) if "at" in row else None
    return Move(number, verb, row[verb], at, _word(row.get("as")), _word(row.get("case")), row)


def _word(value: object) -> str | None:
    return None if value is None else str(value)


def _year(number: object, days: Mapping[str, Any] | None) -> CalendarYear:
    spans = tuple(
        DayOff(Text(str(d.get("name", "假日")), "holiday"), _day(d["from"]), _day(d.get("to", d["from"])), "scenario")
        for d in (days or {}).get("days_off", ())
    )
    make_up = frozenset(_day(d) for d in (days or {}).get("make_up", ()))
    return CalendarYear(int(str(number)), spans, make_up, YearStatus.FICTIONAL)


def _day(value: object) -> date:
    return value if isinstance(value, date) else date.fromisoformat(str(value))
