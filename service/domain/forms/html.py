"""Plain HTML form posts: names such as ``org.name`` and ``staff.0.name``, no JavaScript needed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from service.domain.calendar import CHINA
from service.domain.forms.model import (
    FormNode,
    Group,
    Input,
    InputType,
    Path,
    Rows,
    ZoneFormat,
    format_dotted_path,
    same_object,
)
from service.domain.values.typed_text import clean_number, clean_word
from service.domain.values.typed_times import typed_clock, typed_day, typed_moment

ADD, REMOVE, REFRESH, COUNT, NORMAL = "_add", "_remove", "_refresh", "_count", "_normal"


Value = object


class Posted(Protocol):
    """What a web framework gives for a posted form: every value of a name."""

    def getlist(self, key: str, /) -> Sequence[str]:
        """Return the values posted under a name, none if there is no such name."""


def changes_rows(posted: Posted) -> bool:
    """Return whether a button was pressed that adds or removes rows or files, or fills in what is normal."""
    return any(posted.getlist(name) for name in (ADD, REMOVE, NORMAL))


def is_edit(posted: Posted) -> bool:
    """Return whether the form was posted to be shown again, not to be submitted."""
    return changes_rows(posted) or bool(posted.getlist(REFRESH))


def normal_wanted(posted: Posted) -> str | None:
    """Return the group whose findings a button fills in with their normal values, "*" for all of them."""
    return _find_last(posted, NORMAL)


FileLookup = Callable[[str], Mapping[str, object] | None]
"""Finds an uploaded file by its id as ``{id, name, size}``, None if there is none that this person may use."""


def read_html(nodes: tuple[FormNode, ...], posted: Posted, find_file: FileLookup) -> dict[str, object]:
    """Return the submission in a post, with rows and files added or removed as its buttons say."""
    return _FormReader(posted, find_file).object(nodes, ())


def added_row(values: Mapping[str, object], posted: Posted) -> str | None:
    """Return the path of the row that a button added, such as ``finance.3``."""
    container: object = values
    wanted = _find_last(posted, ADD)
    for part in (wanted or "").split("."):
        inner = container.get(part) if isinstance(container, Mapping) else None
        container = (
            container[int(part)]
            if isinstance(container, list) and part.isdigit() and int(part) < len(container)
            else inner
        )
    return f"{wanted}.{len(container) - 1}" if wanted and isinstance(container, list) and container else None


@dataclass(frozen=True, slots=True)
class _FormReader:
    posted: Posted
    find_file: FileLookup

    def object(self, nodes: tuple[FormNode, ...], path: Path) -> dict[str, Value]:
        values: dict[str, Value] = {}
        for node in same_object(nodes):
            if isinstance(node, Group) and node.path is not None:
                values[node.path] = self.object(node.children, (*path, node.path))
            elif isinstance(node, Rows):
                values[node.path] = self._read_rows(node, (*path, node.path))
            elif isinstance(node, Input):
                value = self._read_input(node, (*path, node.key))
                if value is not None:
                    values[node.key] = value
        return values

    def _read_input(self, node: Input, field_path: Path) -> Value:
        name = format_dotted_path(field_path)
        if node.type is InputType.CHECKBOX:
            return bool(self.posted.getlist(name))
        if node.type in (InputType.CHECKLIST, InputType.TAGLIST):
            return [value for value in self.posted.getlist(name) if value]
        if node.type is InputType.UPLOAD:
            return self._read_files(node, field_path)
        typed = _find_last(self.posted, name)
        return _TIDY[node.type](node, typed) if typed and node.type in _TIDY else typed

    def _read_rows(self, node: Rows, rows_path: Path) -> list[Value]:
        rows: list[Value] = [
            self.object(node.children, (*rows_path, n)) for n in range(self._row_count(node, rows_path))
        ]
        if not node.adjustable:
            return rows
        if format_dotted_path(rows_path) in self.posted.getlist(ADD) and len(rows) < node.max_rows:
            rows.append({})
        return self._without_removed(rows, rows_path)

    def _row_count(self, node: Rows, rows_path: Path) -> int:
        """Return the number of rows posted; one more than allowed is enough to be refused."""
        stated = _find_last(self.posted, f"{COUNT}.{format_dotted_path(rows_path)}")
        if stated and stated.isascii() and stated.isdigit():
            return min(int(stated[:6]), node.max_rows + 1)
        count = 0
        while count <= node.max_rows and self._is_posted(node.children, (*rows_path, count)):
            count += 1
        return count

    def _is_posted(self, nodes: tuple[FormNode, ...], path: Path) -> bool:
        for node in same_object(nodes):
            if isinstance(node, Input) and self.posted.getlist(format_dotted_path((*path, node.key))):
                return True
            if isinstance(node, Group) and self._is_posted(node.children, (*path, node.path or "")):
                return True
            if isinstance(node, Rows) and self._row_count(node, (*path, node.path)):
                return True
        return False

    def _read_files(self, node: Input, field_path: Path) -> list[Value]:
        idents = [ident for ident in self.posted.getlist(format_dotted_path(field_path)) if ident][
            : node.upload.max_count + 1
        ]
        files: list[Value] = [self.find_file(ident) or {"id": ident} for ident in idents]
        return self._without_removed(files, field_path)

    def _without_removed(self, items: list[Value], list_path: Path) -> list[Value]:
        removed = set(self.posted.getlist(REMOVE))
        return [item for index, item in enumerate(items) if format_dotted_path((*list_path, index)) not in removed]


def _find_last(posted: Posted, name: str) -> str | None:
    values = posted.getlist(name)
    return values[-1] if values else None


def _tidy_number(_node: Input, typed: str) -> str:
    return clean_number(typed)


def _tidy_date(_node: Input, typed: str) -> str:
    return typed_day(typed)


def _tidy_moment(node: Input, typed: str) -> str:
    """Take 2026-6-5 9:30 and what browsers send; without an offset people mean the time in China."""
    try:
        moment = datetime.fromisoformat(typed_moment(typed))
    except ValueError:
        return typed
    if node.zone is ZoneFormat.NONE:
        return moment.isoformat()
    moment = moment if moment.tzinfo else moment.replace(tzinfo=CHINA)
    return (moment.astimezone(UTC) if node.zone is ZoneFormat.NORMALIZED else moment).isoformat()


def _tidy_time(node: Input, typed: str) -> str:
    clock = typed_clock(clean_word(typed))
    return clock if node.zone is ZoneFormat.NONE or len(clock) > len("09:30:00") else f"{clock}+08:00"


_TIDY: Mapping[InputType, Callable[[Input, str], str]] = {
    InputType.NUMBER: _tidy_number,
    InputType.DATE: _tidy_date,
    InputType.DATETIME: _tidy_moment,
    InputType.TIME: _tidy_time,
}
