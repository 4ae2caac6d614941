"""Load working-day calendars from files: a folder per layer, a file per year."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from service.catalog.problems import Problem
from service.catalog.source.fields import Fields, silent_fields
from service.catalog.source.yaml import YamlMap, YamlMistake, parse_yaml
from service.domain.calendar import CalendarYear, DayOff, Layer, WorkingCalendar, YearStatus
from service.domain.errors import LaurelError
from service.domain.text import Text


class CalendarRefused(LaurelError):
    """A calendar file cannot be used; the message names file, line and remedy."""

    code = "calendar_refused"


def _refused(node: Fields, key: str, zh: str, en: str) -> CalendarRefused:
    line = node.node.lines.get(key, node.node.line)
    return CalendarRefused(Text(f"{node.file} 第 {line} 行：{zh}", f"{node.file} line {line}: {en}"))


def _report(problem: Problem) -> None:
    """Refuse the file for the first thing that is missing or mistyped in it."""
    zh, en = f"{problem.message.zh}请补上或改正。", f"{problem.message.en} Add or mend it."
    raise CalendarRefused(
        Text(f"{problem.file} 第 {problem.line} 行：{zh}", f"{problem.file} line {problem.line}: {en}")
    )


@dataclass(frozen=True, slots=True)
class _LoadedLayer:
    node: Fields
    parent: str | None
    layer: Layer
    year_nodes: Mapping[int, Fields]


def bundled_calendars() -> Path:
    """Return the folder of the calendars that come with the program."""
    return Path(__file__).resolve().parents[3] / "processes" / "calendars"


def documents_of(root: Path, layer: str, year: int) -> Mapping[str, str]:
    """Return the title and number of each document that a year of a layer cites, by the id of its source."""
    titles_by_source: dict[str, str] = {}
    for path in (root / layer / "layer.yaml", root / layer / f"{year}.yaml"):
        for ident, source in _read_file(path).named("sources") if path.is_file() else ():
            titles_by_source[ident] = " ".join(filter(None, (source.text("title", ""), source.text("number", ""))))
    return titles_by_source


def load_calendars(root: Path) -> Mapping[str, WorkingCalendar]:
    """Load every layer under ``root`` and return each with its parents, by its key (``cn``, ``cn-xinjiang``).

    What was read is kept as long as the files stay the same: counting the working days of every year takes a while.

    Raises:
        CalendarRefused: if a file is missing, unreadable or contradicts itself; names file, line and remedy.
    """
    try:
        contents = tuple((str(path), path.read_bytes()) for path in sorted(root.glob("*/*.yaml")))
    except OSError:
        return _load_layers(root)  # which says what file it is
    return _load_cached(root, contents)


@lru_cache(maxsize=4)
def _load_cached(root: Path, _contents: tuple[tuple[str, bytes], ...]) -> Mapping[str, WorkingCalendar]:
    return _load_layers(root)


def _load_layers(root: Path) -> Mapping[str, WorkingCalendar]:
    loaded = {path.parent.name: _load_layer(path) for path in sorted(root.glob("*/layer.yaml"))}
    if not loaded:
        raise CalendarRefused(
            Text(
                f"{root} 中没有日历：每个层级须有一个含 layer.yaml 的文件夹。",
                f"No calendars in {root}: every layer needs a folder with a layer.yaml.",
            )
        )
    calendars = {key: _build_chain(key, loaded) for key in loaded}
    for key, calendar in calendars.items():
        _check_years(loaded[key], calendar)
    return MappingProxyType(calendars)


def read_year(layer: str, year: int, content: bytes) -> CalendarYear:
    """Return a year of ``layer`` as a file says it that names its own sources; raises CalendarRefused."""
    node = _parse_content(Path(layer) / f"{year}.yaml", content)
    return _read_year(year, node, silent_fields(node.file))


def _read_file(path: Path) -> Fields:
    try:
        return _parse_content(path, path.read_bytes())
    except OSError as error:
        raise CalendarRefused(
            Text(f"{path} 无法读取：{error}", f"{path} cannot be read: {error}; save it as UTF-8 text.")
        ) from error


def _parse_content(path: Path, content: bytes) -> Fields:
    try:
        data = parse_yaml(content, _format_place(path))
    except YamlMistake as mistake:
        raise CalendarRefused(mistake.message) from mistake
    if not isinstance(data, YamlMap):
        raise CalendarRefused(Text(f"{path} 应为键值表。", f"{path} should be a mapping of keys to values."))
    return Fields(data, _format_place(path), _report)


def _format_place(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


def _load_layer(path: Path) -> _LoadedLayer:
    node = _read_file(path)
    key = node.text("calendar")
    if key != path.parent.name:
        raise _refused(
            node,
            "calendar",
            f"日历名“{key}”与文件夹名“{path.parent.name}”不同，请改为一致。",
            f"the calendar is called {key!r} but its folder {path.parent.name!r}; make them agree.",
        )
    if node.text("timezone") != "Asia/Shanghai":
        raise _refused(node, "timezone", "时区应为 Asia/Shanghai。", "the time zone should be Asia/Shanghai.")
    year_nodes = {
        _year_number(file, node): _read_file(file) for file in sorted(path.parent.glob("*.yaml")) if file != path
    }
    years = {number: _read_year(number, year, node) for number, year in year_nodes.items()}
    weekdays = _rest_weekdays(node)
    layer = Layer(key, node.both(), MappingProxyType(years), weekdays)
    return _LoadedLayer(node, node.optional("extends"), layer, MappingProxyType(year_nodes))


def _rest_weekdays(layer: Fields) -> frozenset[int]:
    listed = layer.value("rest_weekdays") or []
    weekdays = [day for day in listed if isinstance(day, int) and 1 <= day <= 7] if isinstance(listed, list) else None
    if weekdays is None or weekdays != listed:
        raise _refused(
            layer, "rest_weekdays", "休息日应为 1（周一）至 7（周日）。", "rest weekdays run from 1 (Mon) to 7 (Sun)."
        )
    return frozenset(weekdays)


def _year_number(file: Path, layer: Fields) -> int:
    if re.fullmatch(r"\d{4}", file.stem, re.ASCII):
        return int(file.stem)
    raise _refused(
        layer,
        "",
        f"文件夹中的 {file.name} 不是年份文件，请按 2027.yaml 命名或移走。",
        f"{file.name} in this folder is not a year's file; name it like 2027.yaml or take it away.",
    )


def _read_year(number: int, node: Fields, layer: Fields) -> CalendarYear:
    if node.value("year") != number:
        raise _refused(
            node, "year", f"年份应与文件名 {number} 一致。", f"the year should be {number}, as the file name says."
        )
    sources = {*node.mapping("sources").node.entries, *layer.mapping("sources").node.entries}
    spans = tuple(_day_off(entry, number, sources) for entry in node.rows("days_off", required=True))
    make_up = [_make_up(entry, number, sources) for entry in node.rows("make_up", required=True)]
    _refuse_doubles(node, spans, make_up)
    status = _read_choice(node, "status", {"published", "none_known"})
    expected = node.value("expected_working_days")
    if type(expected) is not int:
        raise _refused(
            node,
            "expected_working_days",
            "“expected_working_days”应为整数，请补上或改正。",
            "'expected_working_days' should be a whole number; add or mend it.",
        )
    return CalendarYear(number, spans, frozenset(make_up), YearStatus(status), expected)


def _day_off(entry: Fields, year: int, sources: set[str]) -> DayOff:
    first, last = _day(entry, "from"), _day(entry, "to")
    if first > last or first.year != year or last.year != year:
        raise _refused(
            entry,
            "from",
            f"放假日期 {first} 至 {last} 应先后有序且在 {year} 年内。",
            f"the span {first} to {last} should run forward inside {year}; give the other year its own entry.",
        )
    if not entry.has("applied"):
        raise _refused(entry, "applied", "缺少“applied”，请写 true 或 false。", "'applied' is missing: true or false.")
    applied = entry.flag("applied")
    source = _read_source(entry, sources, required=applied)
    confirmed = _read_choice(entry, "status", {"confirmed", "unconfirmed"}) == "confirmed"
    return DayOff(entry.both(), first, last, source, confirmed, applied)


def _make_up(entry: Fields, year: int, sources: set[str]) -> date:
    day = _day(entry, "date")
    if day.year != year:
        raise _refused(entry, "date", f"调休日 {day} 不在 {year} 年内。", f"the make-up day {day} is not in {year}.")
    _read_source(entry, sources, required=True)
    return day


def _day(entry: Fields, key: str) -> date:
    parsed_day = entry.day(key)
    assert parsed_day is not None  # what is missing was refused
    return parsed_day


def _read_source(entry: Fields, sources: set[str], *, required: bool) -> str:
    source = entry.text("source", None if required else "")
    if source and source not in sources:
        raise _refused(
            entry,
            "source",
            f"来源“{source}”未在 sources 中登记，请补上文件标题与出处。",
            f"the source {source!r} is not listed under sources; add the document's title and where it was read.",
        )
    return source


def _read_choice(node: Fields, key: str, allowed: set[str]) -> str:
    value = node.text(key)
    if value not in allowed:
        words = sorted(allowed)
        raise _refused(node, key, f"“{key}”只能是 {'、'.join(words)}。", f"{key!r} can only be {', '.join(words)}.")
    return value


def _refuse_doubles(node: Fields, spans: tuple[DayOff, ...], make_up: list[date]) -> None:
    listed = list(make_up)
    for span in spans:
        listed += [span.first + timedelta(days=offset) for offset in range((span.last - span.first).days + 1)]
    twice = next((day for day in listed if listed.count(day) > 1), None)
    if twice:
        raise _refused(node, "days_off", f"{twice} 列了两次，请只留一处。", f"{twice} is listed twice; keep one entry.")


def _build_chain(key: str, loaded: Mapping[str, _LoadedLayer]) -> WorkingCalendar:
    chain: list[_LoadedLayer] = [loaded[key]]
    while (parent := chain[-1].parent) is not None:
        parent_layer = loaded.get(parent)
        if parent_layer is None or parent_layer in chain:
            raise _refused(
                chain[-1].node,
                "extends",
                f"上级日历“{parent}”不存在或循环引用。",
                f"the parent calendar {parent!r} does not exist or leads back to this one.",
            )
        chain.append(parent_layer)
    return WorkingCalendar(tuple(item.layer for item in chain))


def _check_years(loaded: _LoadedLayer, calendar: WorkingCalendar) -> None:
    for number, year in loaded.layer.years.items():
        node = loaded.year_nodes[number]
        rest = {weekday for layer in calendar.layers for weekday in layer.rest_weekdays}
        stray = next((day for day in sorted(year.make_up) if day.isoweekday() not in rest), None)
        if stray:
            raise _refused(
                node, "make_up", f"调休日 {stray} 本来就是工作日。", f"{stray} is a working day anyway; remove it."
            )
        count = calendar.working_days_in(number)
        if count != year.expected_working_days:
            raise _refused(
                node,
                "expected_working_days",
                f"算得 {count} 个工作日，应为 {year.expected_working_days} 个，请对照通知原文核对。",
                f"{count} working days counted, {year.expected_working_days} expected; compare with the notice.",
            )


def with_year(
    calendars: Mapping[str, WorkingCalendar], layer: str, year: CalendarYear
) -> Mapping[str, WorkingCalendar]:
    """Return every calendar with ``year`` held by ``layer``, whatever it held before."""
    return MappingProxyType({key: _replace_year(calendar, layer, year) for key, calendar in calendars.items()})


def with_year_files(
    calendars: Mapping[str, WorkingCalendar], files: Iterable[tuple[str, int, str]]
) -> Mapping[str, WorkingCalendar]:
    """Return the calendars with (layer, year, file of the year) laid over them, the later over the earlier."""
    for layer, year, content in files:
        calendars = with_year(calendars, layer, read_year(layer, year, content.encode()))
    return calendars


def _replace_year(calendar: WorkingCalendar, key: str, year: CalendarYear) -> WorkingCalendar:
    if all(layer.key != key for layer in calendar.layers):
        return calendar
    layers = (
        replace(layer, years=MappingProxyType({**layer.years, year.year: year})) if layer.key == key else layer
        for layer in calendar.layers
    )
    return WorkingCalendar(tuple(layers))
