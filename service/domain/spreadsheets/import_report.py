"""The report of an import, previewed or done, line by line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum

from service.domain.errors import Invalid
from service.domain.spreadsheets.lists import Column, Line, MissingHeadings, read_lines
from service.domain.text import Text


class LineOutcome(Enum):
    """What becomes of a line."""

    TAKEN = Text("导入", "taken")
    CHANGED = Text("更新", "brought up to date")
    DOUBTFUL = Text("须确认", "to be confirmed")
    KNOWN = Text("已有记录", "on record already")
    UNREAD = Text("改动不读取", "on record, changes not read")
    REFUSED = Text("不导入", "not taken")


@dataclass(frozen=True, slots=True)
class LineReport:
    """A line of the list, what becomes of it and why.

    ``outcome``: UNREAD is on record with something else in columns that the import does not read, which ``reason`` names.
    ``choices`` are (body id, name) of whom it may mean; ``field`` is the heading of the column that is wrong.
    """

    line: int
    name: str
    outcome: LineOutcome
    reason: Text
    choices: tuple[tuple[int, str], ...] = ()
    field: Text | None = None


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import would do, or did; ``taken`` counts the lines that were (or would be) taken or brought up to date.

    ``unread`` are the headings of columns that hold something and mean nothing to this list.
    """

    lines: tuple[LineReport, ...]
    taken: int
    done: bool
    unread: tuple[str, ...] = ()


def report_of(lines: Iterable[LineReport], *, done: bool, unread: tuple[str, ...]) -> ImportReport:
    """Return the lines in order, counted."""
    ordered = tuple(sorted(lines, key=lambda r: r.line))
    taken = sum(r.outcome in (LineOutcome.TAKEN, LineOutcome.CHANGED) for r in ordered)
    return ImportReport(ordered, taken, done, unread)


def name_unread(
    report: LineReport, columns: Iterable[Column], values: Mapping[str, object], recorded: Mapping[str, object]
) -> LineReport:
    """Return the report of a line on record, which names the columns whose ``values`` differ from what is ``recorded``.

    ``columns`` are those of which this import changes nothing; an empty cell is no difference.
    """
    titles = [c.title for c in columns if c.id in values and (values[c.id] or None) != (recorded.get(c.id) or None)]
    if not titles:
        return report
    zh = f"{report.reason.zh.rstrip('。')}。以下各列与现有记录不同，导入不读取，没有改：{'、'.join(t.zh for t in titles)}。"
    en = f"{report.reason.en.rstrip('.')}. Not read here, and left as on record: {', '.join(t.en for t in titles)}."
    outcome = LineOutcome.UNREAD if report.outcome is LineOutcome.KNOWN else report.outcome
    return replace(report, outcome=outcome, reason=Text(zh, en))


def refused(line: Line, name: str) -> LineReport:
    """Return the report of a line with mistakes: all of them, the first one's column named."""
    zh = "".join(f"{m.field.zh}：{m.reason.zh}" for m in line.mistakes)
    en = " ".join(f"{m.field.en}: {m.reason.en}" for m in line.mistakes)
    return LineReport(line.number, name, LineOutcome.REFUSED, Text(zh, en), field=line.mistakes[0].field)


def lines_of(rows: Sequence[Sequence[str]], columns: Sequence[Column]) -> list[Line]:
    """Return the lines of a list; raises Invalid, naming what is missing, for a table with other headings."""
    try:
        lines = read_lines(rows, columns)
    except MissingHeadings as missing:
        names = "、".join(missing.names)
        raise Invalid(
            Text(
                f"表格第一行的列名不对：缺少或重复“{names}”。请下载模板，按模板的列名填写。",
                f"The first line lacks these headings, or has them twice: {names}. Download the template and keep its headings.",
            )
        ) from missing
    if not lines:
        raise Invalid(Text("表格中没有数据行。", "There are no lines below the headings."))
    return lines
