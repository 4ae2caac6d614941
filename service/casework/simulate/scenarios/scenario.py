"""Read a scenario file: organisations, steps with dates, expectations."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from types import MappingProxyType
from typing import Any

from service.casework.simulate.scenarios.scenario_text import format_flow_yaml
from service.catalog import Package, Parameter
from service.catalog.law.proof import PROVES
from service.catalog.parameters.parameters import DatedValue
from service.catalog.problems import did_you_mean
from service.catalog.scenarios.scenario_words import VERBS, scenario_faults
from service.catalog.settings.settings import read_value, why_of_another_kind, why_refused
from service.catalog.source.formatting import load_yaml
from service.catalog.source.freeze import freeze
from service.catalog.source.yaml import YamlMistake, parse_yaml, to_plain_value
from service.domain.calendar import CHINA, CalendarYear, DayOff, YearStatus
from service.domain.errors import Invalid
from service.domain.text import Text

_PLAIN = re.compile(r"[^\W\d_][^:：,{}\[\]#&*!|>'\"%@`?]*")
"""A name that stands in a line of YAML as it is."""


def read_parameters(
    package: Package, typed: Iterable[tuple[str, Any]], before: Mapping[str, Any], *, beyond: bool = False
) -> dict[str, Any]:
    """Return what was typed of parameters by their ids or names; what says the same as ``before`` is left alone.

    Raises Invalid, with the article, for a name that is none, for what is no value, and for one that the law does not
    allow unless ``beyond`` asks for it: a season may be cut short by it.
    """
    values: dict[str, Any] = {}
    fresh: list[str] = []
    for name, typed_value in typed:
        parameter = _find_parameter(package, name)
        if parameter is None:
            raise Invalid(no_parameter(package, name))
        if parameter.id in values:
            raise Invalid(
                Text(
                    f"“{parameter.name}”写了两次，请只留一行。", f"“{parameter.text.en}” is said twice: keep one line."
                )
            )
        if parameter.id in before and before[parameter.id] == typed_value:
            values[parameter.id] = typed_value
            continue
        value = read_value(parameter, typed_value) if isinstance(typed_value, str) else typed_value
        refusal = why_of_another_kind(parameter, value)
        if refusal is not None:
            raise Invalid(refusal)
        values[parameter.id] = value
        fresh.append(parameter.id)
    refusals = () if beyond else values_beyond(package, values, fresh)
    for refusal in refusals:
        raise Invalid(refusal)
    return values


def no_parameter(package: Package, name: str) -> Text:
    """Say that ``package`` has no parameter of this name, and which one may be meant."""
    hint = did_you_mean(name, package.award.parameters)
    return Text(f"没有参数“{name}”。{hint.zh}", f"There is no parameter “{name}”. {hint.en}")


def values_beyond(package: Package, values: Mapping[str, Any], judged: Iterable[str] | None = None) -> Iterator[Text]:
    """Yield why the law does not allow a value that a scenario sets, with the article, for each that it does not allow.

    All of them hold together: a phase is compared with the whole period that the scenario sets. ``judged`` names those
    that are asked about, None for all.
    """
    parameters = package.award.parameters
    sound = {
        name: value
        for name, value in values.items()
        if name in parameters and not why_of_another_kind(parameters[name], value)
    }
    together = with_values(package, sound)
    for name in values if judged is None else judged:
        refusal = why_refused(together, parameters[name], values[name]) if name in parameters else None
        if refusal is not None:
            yield refusal


def with_values(package: Package, values: Mapping[str, Any]) -> Package:
    """Return ``package`` in which parameters that it has are of these ``values``, from the first day on."""
    award = package.parts.award
    chosen_parameters = {
        name: replace(award.parameters[name], values=(DatedValue(date.min, freeze(value)),))
        for name, value in values.items()
    }
    changed = replace(award, parameters=MappingProxyType({**award.parameters, **chosen_parameters}))
    return replace(package, parts=replace(package.parts, award=changed))


def names_of_parameters(package: Package) -> dict[str, str]:
    """Return what each parameter is called in a line of a head, by its id: the id again where its name cannot be read back."""
    called = Counter(parameter.name for parameter in package.award.parameters.values())
    return {
        key: parameter.name
        if called[parameter.name] == 1
        and _find_parameter(package, parameter.name) is parameter
        and _PLAIN.fullmatch(parameter.name)
        else key
        for key, parameter in package.award.parameters.items()
    }


def _find_parameter(package: Package, name: str) -> Parameter | None:
    parameters = package.award.parameters
    if name in parameters:
        return parameters[name]
    called = [parameter for parameter in parameters.values() if parameter.name == name]
    return called[0] if len(called) == 1 else None


HEAD = ("clauses", "organisations", "parameters", "days")
"""What is typed, beside the title and the first day."""
_ORDER = ("title", "clauses", "start", "organisations", "parameters", "calendar_years", "data", "steps", "expect")
_DAY = r"(\d{4}-\d\d-\d\d)"
_OFF = re.compile(rf"{_DAY}(?:\s+{_DAY})?\s+(\S+)")
_MAKE_UP = re.compile(rf"(?:补班|上班)\s*{_DAY}")
_YEAR = re.compile(r"\d{4}")


def head_of(document: Mapping[str, Any], package: Package | None = None) -> dict[str, str]:
    """Return the head of a scenario as typed; with a ``package`` its parameters stand by their names where these are theirs alone."""
    names = names_of_parameters(package) if package is not None else {}
    return {
        "clauses": " ".join(map(str, document.get("clauses") or ())),
        "organisations": "\n".join(
            _format_organisation(k, v) for k, v in (document.get("organisations") or {}).items()
        ),
        "parameters": "\n".join(
            f"{names.get(name, name)}: {format_flow_yaml(value)}"
            for name, value in (document.get("parameters") or {}).items()
        ),
        "days": "\n".join(
            line for year, days in (document.get("calendar_years") or {}).items() for line in _format_days(year, days)
        ),
    }


def write_head(package: Package, document: Any, typed: Mapping[str, str], *, beyond: bool = False) -> None:
    """Write what was typed into a scenario; what says the same stays as it is written.

    Raises Invalid, as `read_parameters` does where a parameter's value is ``beyond`` the law.
    """
    before, named = head_of(document), head_of(document, package)
    lines = {key: [line.strip() for line in typed[key].splitlines() if line.strip()] for key in HEAD if key in typed}
    for key, typed_lines in lines.items():
        if typed_lines in ([line.strip() for line in head[key].splitlines()] for head in (before, named)):
            continue
        name = "calendar_years" if key == "days" else key
        if key == "parameters":
            old_parameters = dict(document.get(key) or {})
            value = read_parameters(package, _iterate_parameters(typed_lines), old_parameters, beyond=beyond)
        else:
            value = _READ[key](typed_lines)
        if not value:
            document.pop(name, None)
        elif name in document:
            document[name] = _to_written_value(value, name)
        else:
            later = set(_ORDER[_ORDER.index(name) + 1 :])
            place = next((n for n, other in enumerate(document) if other in later), len(document))
            document.insert(place, name, _to_written_value(value, name))


def typed_parameters(package: Package, text: str) -> Mapping[str, Any]:
    """Return the parameters that a season changes, typed one a line as its head says them; raises Invalid as `read_parameters`."""
    return read_parameters(
        package, _iterate_parameters([line.strip() for line in text.splitlines() if line.strip()]), {}
    )


def _to_written_value(value: Any, name: str) -> Any:
    """Return a value as it is written: organisations and years on lines of their own, the rest on one."""
    if name in ("organisations", "calendar_years"):
        return load_yaml(
            "".join(f"{format_flow_yaml(key)}: {format_flow_yaml(inner)}\n" for key, inner in value.items())
        )
    return load_yaml(format_flow_yaml(value) + "\n")


def _format_organisation(nick: str, details: Mapping[str, Any]) -> str:
    rest = {key: value for key, value in details.items() if key != "name"}
    return "｜".join([str(nick), str(details.get("name", "")), *([format_flow_yaml(rest)] if rest else [])])


def _format_days(year: Any, days: Mapping[str, Any] | None) -> list[str]:
    off = [f"{d['from']} {d.get('to', d['from'])} {d.get('name', '假日')}" for d in (days or {}).get("days_off") or ()]
    up = [f"补班 {day}" for day in (days or {}).get("make_up") or ()]
    return [*off, *up] or [str(year)]


def _read_clauses(lines: Sequence[str]) -> list[str]:
    return " ".join(lines).replace("，", " ").replace(",", " ").replace("、", " ").split()


def _read_organisations(lines: Sequence[str]) -> dict[str, Any]:
    organisations: dict[str, Any] = {}
    for line in lines:
        nick, _, rest = (part.strip() for part in line.replace("|", "｜").replace("\t", "｜").partition("｜"))
        name, _, more = (part.strip() for part in rest.partition("｜"))
        if not nick or not name:
            raise Invalid(Text(f"“{line}”应写成“简称｜名称”。", f"Write “{line}” as “short name｜name”."))
        organisations[nick] = {"name": name, **_parse_mapping(more or "{}", line)}
    return organisations


def _iterate_parameters(lines: Sequence[str]) -> Iterator[tuple[str, Any]]:
    for line in lines:
        name, colon, value_text = line.replace("：", ":", 1).partition(":")
        yield from _parse_mapping(f"{{{name}: {value_text}}}" if colon else f"{{{line}}}", line).items()


def _parse_mapping(text: str, line: str) -> dict[str, Any]:
    try:
        mapping = load_yaml(f"{text}\n")
    except Exception as mistake:  # ruamel raises errors of many classes
        raise Invalid(Text(f"“{line}”写得不完整。", f"“{line}” is not complete.")) from mistake
    if not isinstance(mapping, Mapping) or None in mapping.values():
        raise Invalid(Text(f"“{line}”应写成“名称: 值”。", f"Write “{line}” as “name: value”."))
    return dict(mapping)


def _read_days(lines: Sequence[str]) -> dict[int, Any]:
    years: dict[int, Any] = {}
    for line in lines:
        if match := _OFF.fullmatch(line):
            first, last = date.fromisoformat(match[1]), date.fromisoformat(match[2] or match[1])
            row = {"name": match[3], "from": first, "to": last}
            _year_of_head(years, first.year)["days_off"].append(row)
        elif match := _MAKE_UP.fullmatch(line):
            day = date.fromisoformat(match[1])
            _year_of_head(years, day.year)["make_up"].append(day)
        elif _YEAR.fullmatch(line):
            _year_of_head(years, int(line))
        else:
            raise Invalid(
                Text(
                    f"“{line}”应写成“2027-01-01 2027-01-03 元旦”或“补班 2027-01-04”。",
                    f"Write “{line}” as “2027-01-01 2027-01-03 name” or “补班 2027-01-04”.",
                )
            )
    return years


def _year_of_head(years: dict[int, Any], number: int) -> Any:
    return years.setdefault(number, {"days_off": [], "make_up": []})


_READ: Mapping[str, Any] = {
    "clauses": _read_clauses,
    "organisations": _read_organisations,
    "days": _read_days,
}


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


@dataclass(frozen=True, slots=True)
class Scenario:
    """A season. ``organisations`` are by nickname: name, uscc and whatever forms or awards need."""

    title: str
    file: str
    clauses: tuple[str, ...]
    start: datetime
    organisations: Mapping[str, Mapping[str, Any]]
    years: tuple[CalendarYear, ...]
    parameters: Mapping[str, Any]
    moves: tuple[Move, ...]
    expect: tuple[Mapping[str, Any], ...]


def read_scenario(content: bytes, file: str) -> Scenario:
    """Read a scenario; raises ScenarioMistake with the step and what is wrong with it."""
    try:
        document = parse_yaml(content, file)
    except YamlMistake as mistake:
        raise ScenarioMistake(
            mistake.message if isinstance(mistake, Invalid) else Text(str(mistake), str(mistake))
        ) from mistake
    for fault in scenario_faults(document, file):
        where = f"{file} 第 {fault.line} 行", f"{file} line {fault.line}"
        sentence = f"{fault.message.zh}{fault.remedy.zh}", f"{fault.message.en} {fault.remedy.en}"
        raise ScenarioMistake(Text(f"{where[0]}：{sentence[0]}", f"{where[1]}: {sentence[1]}"))
    data: Any = to_plain_value(document)
    return Scenario(
        title=str(data.get("title", file)),
        file=file,
        clauses=tuple(data.get("clauses") or ()),
        start=parse_instant(data["start"], time(9)),
        organisations=data.get("organisations") or {},
        years=tuple(_build_year(number, days) for number, days in (data.get("calendar_years") or {}).items()),
        parameters=data.get("parameters") or {},
        moves=tuple(
            move_of(file, n, single_step)
            for n, row in enumerate(data.get("steps") or [], 1)
            for single_step in _each_of(row)
        ),
        expect=tuple(data.get("expect") or ()),
    )


def parse_instant(value: object, default: time) -> datetime:
    """Return a date, or a date and time, written in Asia/Shanghai; a bare date means ``default`` o'clock."""
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=CHINA)
    if isinstance(value, date):
        return datetime.combine(value, default, CHINA)
    text = str(value).strip().replace(" ", "T")
    moment = datetime.fromisoformat(text)
    return datetime.combine(moment.date(), default, CHINA) if len(text) <= 10 else parse_instant(moment, default)


def _each_of(row: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return a step once for each name under ``every``, put in for ``$`` and ``role@$``; a step without it as it is."""
    words = row.get("every")
    if words is None:
        return [row]
    rest = {key: value for key, value in row.items() if key != "every"}
    return [_with_word(rest, str(word)) for word in words]


def _with_word(value: Any, word: str) -> Any:
    if isinstance(value, Mapping):
        return {key: _with_word(inner, word) for key, inner in value.items()}
    if isinstance(value, list):
        return [_with_word(inner, word) for inner in value]
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
    at = parse_instant(row["at"], time(9)) if row.get("at") is not None else None
    return Move(number, verb, row[verb], at, _to_word(row.get("as")), _to_word(row.get("case")), row)


def _to_word(value: object) -> str | None:
    return None if value is None else str(value)


def _build_year(number: object, days: Mapping[str, Any] | None) -> CalendarYear:
    spans = tuple(
        DayOff(
            Text(str(d.get("name", "假日")), "holiday"), _to_day(d["from"]), _to_day(d.get("to", d["from"])), "scenario"
        )
        for d in (days or {}).get("days_off", ())
    )
    make_up = frozenset(_to_day(d) for d in (days or {}).get("make_up", ()))
    return CalendarYear(int(str(number)), spans, make_up, YearStatus.FICTIONAL)


def _to_day(value: object) -> date:
    return value if isinstance(value, date) else date.fromisoformat(str(value))
