"""The head of a scenario as people type it: clauses, organisations, other values, days off; one item a line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from service.casework.simulate.scenarios.scenario_parameters import names_of_parameters, read_parameters
from service.casework.simulate.scenarios.scenario_text import flow
from service.catalog import Package
from service.catalog.source.format_yaml import load_yaml
from service.domain.errors import Invalid
from service.domain.text import Text

HEAD = ("clauses", "organisations", "parameters", "days")
"""What is typed, beside the title and the first day."""
_ORDER = ("title", "clauses", "start", "organisations", "parameters", "calendar_years", "data", "steps", "expect")
_DAY = r"(\d{4}-\d\d-\d\d)"
_OFF = re.compile(rf"{_DAY}(?:\s+{_DAY})?\s+(\S+)")
_MAKE_UP = re.compile(rf"(?:补班|上班)\s*{_DAY}")
_YEAR = re.compile(r"\d{4}")


def head_of(document: Mapping[str, Any], package: Package | None = None) -> dict[str, str]:
    """Return the head of a scenario as typed; with a ``package`` its parameters stand by their names where these are theirs alone."""
    known = names_of_parameters(package) if package is not None else {}
    return {
        "clauses": " ".join(map(str, document.get("clauses") or ())),
        "organisations": "\n".join(_organisation(k, v) for k, v in (document.get("organisations") or {}).items()),
        "parameters": "\n".join(
            f"{known.get(name, name)}: {flow(value)}" for name, value in (document.get("parameters") or {}).items()
        ),
        "days": "\n".join(
            line for year, held in (document.get("calendar_years") or {}).items() for line in _days(year, held)
        ),
    }


def write_head(package: Package, document: Any, typed: Mapping[str, str], *, beyond: bool = False) -> None:
    """Write what was typed into a scenario; what says the same stays as it is written.

    Raises Invalid, as `read_parameters` does where a parameter's value is ``beyond`` the law.
    """
    before, named = head_of(document), head_of(document, package)
    lines = {key: [line.strip() for line in typed[key].splitlines() if line.strip()] for key in HEAD if key in typed}
    for key, said in lines.items():
        if said in ([line.strip() for line in one[key].splitlines()] for one in (before, named)):
            continue
        name = "calendar_years" if key == "days" else key
        if key == "parameters":
            held = dict(document.get(key) or {})
            value = read_parameters(package, _parameters(said), held, beyond=beyond)
        else:
            value = _READ[key](said)
        if not value:
            document.pop(name, None)
        elif name in document:
            document[name] = _held(value, name)
        else:
            later = set(_ORDER[_ORDER.index(name) + 1 :])
            place = next((n for n, other in enumerate(document) if other in later), len(document))
            document.insert(place, name, _held(value, name))


def typed_parameters(package: Package, text: str) -> Mapping[str, Any]:
    """Return the parameters that a season changes, typed one a line as its head says them; raises Invalid as `read_parameters`."""
    return read_parameters(package, _parameters([line.strip() for line in text.splitlines() if line.strip()]), {})


def _held(value: Any, name: str) -> Any:
    """Return a value as it is written: organisations and years on lines of their own, the rest on one."""
    if name in ("organisations", "calendar_years"):
        return load_yaml("".join(f"{flow(key)}: {flow(held)}\n" for key, held in value.items()))
    return load_yaml(flow(value) + "\n")


def _organisation(nick: str, held: Mapping[str, Any]) -> str:
    rest = {key: value for key, value in held.items() if key != "name"}
    return "｜".join([str(nick), str(held.get("name", "")), *([flow(rest)] if rest else [])])


def _days(year: Any, held: Mapping[str, Any] | None) -> list[str]:
    off = [f"{d['from']} {d.get('to', d['from'])} {d.get('name', '假日')}" for d in (held or {}).get("days_off") or ()]
    up = [f"补班 {day}" for day in (held or {}).get("make_up") or ()]
    return [*off, *up] or [str(year)]


def _read_clauses(lines: Sequence[str]) -> list[str]:
    return " ".join(lines).replace("，", " ").replace(",", " ").replace("、", " ").split()


def _read_organisations(lines: Sequence[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for line in lines:
        nick, _, rest = (part.strip() for part in line.replace("|", "｜").replace("\t", "｜").partition("｜"))
        name, _, more = (part.strip() for part in rest.partition("｜"))
        if not nick or not name:
            raise Invalid(Text(f"“{line}”应写成“简称｜名称”。", f"Write “{line}” as “short name｜name”."))
        found[nick] = {"name": name, **_mapping(more or "{}", line)}
    return found


def _parameters(lines: Sequence[str]) -> Iterator[tuple[str, Any]]:
    for line in lines:
        name, colon, said = line.replace("：", ":", 1).partition(":")
        yield from _mapping(f"{{{name}: {said}}}" if colon else f"{{{line}}}", line).items()


def _mapping(text: str, line: str) -> dict[str, Any]:
    try:
        found = load_yaml(f"{text}\n")
    except Exception as mistake:  # ruamel raises errors of many classes
        raise Invalid(Text(f"“{line}”写得不完整。", f"“{line}” is not complete.")) from mistake
    if not isinstance(found, Mapping) or None in found.values():
        raise Invalid(Text(f"“{line}”应写成“名称: 值”。", f"Write “{line}” as “name: value”."))
    return dict(found)


def _read_days(lines: Sequence[str]) -> dict[int, Any]:
    years: dict[int, Any] = {}
    for line in lines:
        if found := _OFF.fullmatch(line):
            first, last = date.fromisoformat(found[1]), date.fromisoformat(found[2] or found[1])
            row = {"name": found[3], "from": first, "to": last}
            _year(years, first.year)["days_off"].append(row)
        elif found := _MAKE_UP.fullmatch(line):
            day = date.fromisoformat(found[1])
            _year(years, day.year)["make_up"].append(day)
        elif _YEAR.fullmatch(line):
            _year(years, int(line))
        else:
            raise Invalid(
                Text(
                    f"“{line}”应写成“2027-01-01 2027-01-03 元旦”或“补班 2027-01-04”。",
                    f"Write “{line}” as “2027-01-01 2027-01-03 name” or “补班 2027-01-04”.",
                )
            )
    return years


def _year(years: dict[int, Any], number: int) -> Any:
    return years.setdefault(number, {"days_off": [], "make_up": []})


_READ: Mapping[str, Any] = {
    "clauses": _read_clauses,
    "organisations": _read_organisations,
    "days": _read_days,
}
