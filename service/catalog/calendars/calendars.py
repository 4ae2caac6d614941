"""Load working-day calendars from files: a folder per layer, a file per year."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from service.catalog.source.yaml import YamlList, YamlMap, YamlMistake, parse_yaml
from service.domain.calendar import CalendarYear, DayOff, Layer, WorkingCalendar, YearStatus
from service.domain.errors import LaurelError
from service.domain.text import Text

T = TypeVar("T")

_WORDS = {
    str: Text("文字", "text"),
    int: Text("整数", "a whole number"),
    date: Text("日期（如 2026-05-27）", "a date such as 2026-05-27"),
    YamlList: Text("列表", "a list"),
    bool: Text("true 或 false", "true or false"),
    YamlMap: Text("键值表", "a mapping"),
}


class CalendarRefused(LaurelError):
    """A calendar file cannot be used; the message names file, line and remedy."""

    code = "calendar_refused"


@dataclass(frozen=True, slots=True)
class _Node:
    """A mapping in a file, able to say where it stands."""

    path: Path
    data: YamlMap

    def refuse(self, zh: str, en: str, key: str | None = None) -> CalendarRefused:
        line = self.data.lines.get(key or "", self.data.line)
        place = _place(self.path)
        return CalendarRefused(Text(f"{place} 第 {line} 行：{zh}", f"{place} line {line}: {en}"))

    def get(self, key: str, kind: type[T]) -> T:
        value = self.data.entries.get(key)
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            word = _WORDS[kind]
            raise self.refuse(
                f"“{key}”应为{word.zh}，请补上或改正。", f"{key!r} should be {word.en}; add or mend it.", key
            )
        return value

    def maybe(self, key: str, kind: type[T]) -> T | None:
        return None if self.data.entries.get(key) is None else self.get(key, kind)

    def nodes(self, key: str) -> list[_Node]:
        entries = self.get(key, YamlList).items
        nodes = [_Node(self.path, entry) for entry in entries if isinstance(entry, YamlMap)]
        if len(nodes) != len(entries):
            raise self.refuse(f"“{key}”的每一项应为键值表。", f"every entry of {key!r} should be a mapping.", key)
        return nodes

    def keys(self, key: str) -> set[str]:
        held = self.maybe(key, YamlMap)
        return set(held.entries) if held else set()


@dataclass(frozen=True, slots=True)
class _LoadedLayer:
    node: _Node
    parent: str | None
    layer: Layer
    year_nodes: Mapping[int, _Node]


def bundled_calendars() -> Path:
    """Return the folder of the calendars that come with the program."""
    return Path(__file__).resolve().parents[3] / "processes" / "calendars"


def documents_of(root: Path, layer: str, year: int) -> Mapping[str, str]:
    """Return the title and number of each document that a year of a layer cites, by the id of its source."""
    found: dict[str, str] = {}
    for path in (root / layer / "layer.yaml", root / layer / f"{year}.yaml"):
        sources = _read(path).maybe("sources", YamlMap) if path.is_file() else None
        for ident, said in sources.entries.items() if sources else ():
            if isinstance(said, YamlMap):
                words = (said.entries.get("title"), said.entries.get("number"))
                found[ident] = " ".join(str(word) for word in words if word)
    return found


def load_calendars(root: Path) -> Mapping[str, WorkingCalendar]:
    """Load every layer under ``root`` and return each with its parents, by its key (``cn``, ``cn-xinjiang``).

    What was read is kept as long as the files stay the same: counting the working days of every year takes a while.

    Raises:
        CalendarRefused: if a file is missing, unreadable or contradicts itself; names file, line and remedy.
    """
    try:
        contents = tuple((str(path), path.read_bytes()) for path in sorted(root.glob("*/*.yaml")))
    except OSError:
        return _loaded(root)  # which says what file it is
    return _kept(root, contents)


@lru_cache(maxsize=4)
def _kept(root: Path, _contents: tuple[tuple[str, bytes], ...]) -> Mapping[str, WorkingCalendar]:
    return _loaded(root)


def _loaded(root: Path) -> Mapping[str, WorkingCalendar]:
    loaded = {path.parent.name: _layer(path) for path in sorted(root.glob("*/layer.yaml"))}
    if not loaded:
        raise CalendarRefused(
            Text(
                f"{root} 中没有日历：每个层级须有一个含 layer.yaml 的文件夹。",
                f"No calendars in {root}: every layer needs a folder with a layer.yaml.",
            )
        )
    calendars = {key: _chain(key, loaded) for key in loaded}
    for key, calendar in calendars.items():
        _check_years(loaded[key], calendar)
    return MappingProxyType(calendars)


def read_year(layer: str, year: int, content: bytes) -> CalendarYear:
    """Return a year of ``layer`` as a file says it that names its own sources; raises CalendarRefused."""
    node = _parsed(Path(layer) / f"{year}.yaml", content)
    return _year(year, node, _Node(node.path, YamlMap({}, {}, 1)))


def _read(path: Path) -> _Node:
    try:
        return _parsed(path, path.read_bytes())
    except OSError as error:
        raise CalendarRefused(
            Text(f"{path} 无法读取：{error}", f"{path} cannot be read: {error}; save it as UTF-8 text.")
        ) from error


def _parsed(path: Path, content: bytes) -> _Node:
    try:
        data = parse_yaml(content, _place(path))
    except YamlMistake as mistake:
        raise CalendarRefused(mistake.message) from mistake
    if not isinstance(data, YamlMap):
        raise CalendarRefused(Text(f"{path} 应为键值表。", f"{path} should be a mapping of keys to values."))
    return _Node(path, data)


def _place(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


def _layer(path: Path) -> _LoadedLayer:
    node = _read(path)
    key = node.get("calendar", str)
    if key != path.parent.name:
        raise node.refuse(
            f"日历名“{key}”与文件夹名“{path.parent.name}”不同，请改为一致。",
            f"the calendar is called {key!r} but its folder {path.parent.name!r}; make them agree.",
            "calendar",
        )
    if node.get("timezone", str) != "Asia/Shanghai":
        raise node.refuse("时区应为 Asia/Shanghai。", "the time zone should be Asia/Shanghai.", "timezone")
    year_nodes = {_year_number(file, node): _read(file) for file in sorted(path.parent.glob("*.yaml")) if file != path}
    years = {number: _year(number, year, node) for number, year in year_nodes.items()}
    weekdays = _rest_weekdays(node)
    name = Text(node.get("name", str), node.get("name_en", str))
    layer = Layer(key, name, MappingProxyType(years), weekdays)
    return _LoadedLayer(node, node.maybe("extends", str), layer, MappingProxyType(year_nodes))


def _rest_weekdays(layer: _Node) -> frozenset[int]:
    listed = layer.maybe("rest_weekdays", YamlList)
    weekdays = [day for day in (listed.items if listed else ()) if isinstance(day, int) and 1 <= day <= 7]
    if listed and len(weekdays) != len(listed.items):
        raise layer.refuse(
            "休息日应为 1（周一）至 7（周日）。", "rest weekdays run from 1 (Mon) to 7 (Sun).", "rest_weekdays"
        )
    return frozenset(weekdays)


def _year_number(file: Path, layer: _Node) -> int:
    if re.fullmatch(r"\d{4}", file.stem, re.ASCII):
        return int(file.stem)
    raise layer.refuse(
        f"文件夹中的 {file.name} 不是年份文件，请按 2027.yaml 命名或移走。",
        f"{file.name} in this folder is not a year's file; name it like 2027.yaml or take it away.",
    )


def _year(number: int, node: _Node, layer: _Node) -> CalendarYear:
    if node.get("year", int) != number:
        raise node.refuse(
            f"年份应与文件名 {number} 一致。", f"the year should be {number}, as the file name says.", "year"
        )
    sources = node.keys("sources") | layer.keys("sources")
    spans = tuple(_day_off(entry, number, sources) for entry in node.nodes("days_off"))
    make_up = [_make_up(entry, number, sources) for entry in node.nodes("make_up")]
    _refuse_doubles(node, spans, make_up)
    status = _choice(node, "status", {"published", "none_known"})
    return CalendarYear(number, spans, frozenset(make_up), YearStatus(status), node.get("expected_working_days", int))


def _day_off(entry: _Node, year: int, sources: set[str]) -> DayOff:
    first, last, applied = entry.get("from", date), entry.get("to", date), entry.get("applied", bool)
    if first > last or first.year != year or last.year != year:
        raise entry.refuse(
            f"放假日期 {first} 至 {last} 应先后有序且在 {year} 年内。",
            f"the span {first} to {last} should run forward inside {year}; give the other year its own entry.",
            "from",
        )
    source = _source(entry, sources, required=applied)
    confirmed = _choice(entry, "status", {"confirmed", "unconfirmed"}) == "confirmed"
    name = Text(entry.get("name", str), entry.get("name_en", str))
    return DayOff(name, first, last, source, confirmed, applied)


def _make_up(entry: _Node, year: int, sources: set[str]) -> date:
    day = entry.get("date", date)
    if day.year != year:
        raise entry.refuse(f"调休日 {day} 不在 {year} 年内。", f"the make-up day {day} is not in {year}.", "date")
    _source(entry, sources, required=True)
    return day


def _source(entry: _Node, sources: set[str], *, required: bool) -> str:
    source = entry.get("source", str) if required else entry.maybe("source", str)
    if source is not None and source not in sources:
        raise entry.refuse(
            f"来源“{source}”未在 sources 中登记，请补上文件标题与出处。",
            f"the source {source!r} is not listed under sources; add the document's title and where it was read.",
            "source",
        )
    return source or ""


def _choice(node: _Node, key: str, allowed: set[str]) -> str:
    value = node.get(key, str)
    if value not in allowed:
        words = "、".join(sorted(allowed))
        raise node.refuse(f"“{key}”只能是 {words}。", f"{key!r} can only be {', '.join(sorted(allowed))}.", key)
    return value


def _refuse_doubles(node: _Node, spans: tuple[DayOff, ...], make_up: list[date]) -> None:
    listed = list(make_up)
    for span in spans:
        listed += [span.first + timedelta(days=offset) for offset in range((span.last - span.first).days + 1)]
    twice = next((day for day in listed if listed.count(day) > 1), None)
    if twice:
        raise node.refuse(f"{twice} 列了两次，请只留一处。", f"{twice} is listed twice; keep one entry.", "days_off")


def _chain(key: str, loaded: Mapping[str, _LoadedLayer]) -> WorkingCalendar:
    chain: list[_LoadedLayer] = [loaded[key]]
    while (parent := chain[-1].parent) is not None:
        known = loaded.get(parent)
        if known is None or known in chain:
            raise chain[-1].node.refuse(
                f"上级日历“{parent}”不存在或循环引用。",
                f"the parent calendar {parent!r} does not exist or leads back to this one.",
                "extends",
            )
        chain.append(known)
    return WorkingCalendar(tuple(item.layer for item in chain))


def _check_years(loaded: _LoadedLayer, calendar: WorkingCalendar) -> None:
    for number, year in loaded.layer.years.items():
        node = loaded.year_nodes[number]
        rest = {weekday for layer in calendar.layers for weekday in layer.rest_weekdays}
        stray = next((day for day in sorted(year.make_up) if day.isoweekday() not in rest), None)
        if stray:
            raise node.refuse(
                f"调休日 {stray} 本来就是工作日。", f"{stray} is a working day anyway; remove it.", "make_up"
            )
        count = calendar.working_days_in(number)
        if count != year.expected_working_days:
            raise node.refuse(
                f"算得 {count} 个工作日，应为 {year.expected_working_days} 个，请对照通知原文核对。",
                f"{count} working days counted, {year.expected_working_days} expected; compare with the notice.",
                "expected_working_days",
            )


def with_year(
    calendars: Mapping[str, WorkingCalendar], layer: str, year: CalendarYear
) -> Mapping[str, WorkingCalendar]:
    """Return every calendar with ``year`` held by ``layer``, whatever it held before."""
    return MappingProxyType({key: _held(calendar, layer, year) for key, calendar in calendars.items()})


def with_year_files(
    calendars: Mapping[str, WorkingCalendar], files: Iterable[tuple[str, int, str]]
) -> Mapping[str, WorkingCalendar]:
    """Return the calendars with (layer, year, file of the year) laid over them, the later over the earlier."""
    for layer, year, content in files:
        calendars = with_year(calendars, layer, read_year(layer, year, content.encode()))
    return calendars


def _held(calendar: WorkingCalendar, key: str, year: CalendarYear) -> WorkingCalendar:
    if all(layer.key != key for layer in calendar.layers):
        return calendar
    layers = (
        replace(layer, years=MappingProxyType({**layer.years, year.year: year})) if layer.key == key else layer
        for layer in calendar.layers
    )
    return WorkingCalendar(tuple(layers))
