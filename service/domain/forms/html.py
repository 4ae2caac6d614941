"""Plain HTML form posts: names such as ``org.name`` and ``staff.0.name``, no JavaScript needed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta, timezone
from typing import Protocol

from service.domain.forms.model import Group, Input, InputType, Node, Path, Rows, ZoneFormat, dotted, same_object

ADD, REMOVE, REFRESH, COUNT = "_add", "_remove", "_refresh", "_count"

_CHINA = timezone(timedelta(hours=8))
_MAX_FILES = 100


class Posted(Protocol):
    """What a web framework gives for a posted form: every value of a name."""

    def getlist(self, key: str, /) -> Sequence[str]:
        """Return the values posted under a name, none if there is no such name."""


def changes_rows(posted: Posted) -> bool:
    """Return whether a button was pressed that adds or removes rows or files."""
    return bool(posted.getlist(ADD) or posted.getlist(REMOVE))


def is_edit(posted: Posted) -> bool:
    """Return whether the form was posted to be shown again, not to be submitted."""
    return changes_rows(posted) or bool(posted.getlist(REFRESH))


def read_html(nodes: tuple[Node, ...], posted: Posted) -> dict[str, object]:
    """Return the submission in a post, with rows and files added or removed as its buttons say."""
    return _object(nodes, posted, ())


def _object(nodes: tuple[Node, ...], posted: Posted, path: Path) -> dict[str, object]:
    values: dict[str, object] = {}
    for node in same_object(nodes):
        if isinstance(node, Group) and node.path is not None:
            values[node.path] = _object(node.children, posted, (*path, node.path))
        elif isinstance(node, Rows):
            values[node.path] = _rows(node, posted, (*path, node.path))
        elif isinstance(node, Input):
            found = _READERS.get(node.type, _single)(node, posted, (*path, node.key))
            if found is not None:
                values[node.key] = found
    return values


def _rows(node: Rows, posted: Posted, here: Path) -> list[object]:
    rows: list[object] = [
        _object(node.children, posted, (*here, index)) for index in range(_row_count(node, posted, here))
    ]
    if not node.adjustable:
        return rows
    if dotted(here) in posted.getlist(ADD) and len(rows) < node.max_rows:
        rows.append({})
    return _without_removed(rows, posted, here)


def _row_count(node: Rows, posted: Posted, here: Path) -> int:
    """Return the number of rows posted; one more than allowed is enough to be refused."""
    stated = _last(posted, f"{COUNT}.{dotted(here)}")
    if stated and stated.isascii() and stated.isdigit():
        return min(int(stated[:6]), node.max_rows + 1)
    count = 0
    while count <= node.max_rows and _object_is_posted(node.children, posted, (*here, count)):
        count += 1
    return count


def _object_is_posted(nodes: tuple[Node, ...], posted: Posted, path: Path) -> bool:
    for node in same_object(nodes):
        here = (*path, node.path) if isinstance(node, Group | Rows) and node.path else path
        if isinstance(node, Input) and posted.getlist(dotted((*path, node.key))):
            return True
        if isinstance(node, Group) and _object_is_posted(node.children, posted, here):
            return True
        if isinstance(node, Rows) and _row_count(node, posted, here):
            return True
    return False


def _without_removed(items: list[object], posted: Posted, here: Path) -> list[object]:
    removed = set(posted.getlist(REMOVE))
    return [item for index, item in enumerate(items) if dotted((*here, index)) not in removed]


def _last(posted: Posted, name: str) -> str | None:
    values = posted.getlist(name)
    return values[-1] if values else None


def _single(_node: Input, posted: Posted, here: Path) -> object:
    return _last(posted, dotted(here))


def _tick(_node: Input, posted: Posted, here: Path) -> object:
    return bool(posted.getlist(dotted(here)))


def _many(_node: Input, posted: Posted, here: Path) -> object:
    return [value for value in posted.getlist(dotted(here)) if value]


def _moment(node: Input, posted: Posted, here: Path) -> object:
    """Browsers send local times without an offset; people mean the time in China."""
    text = _last(posted, dotted(here))
    if not text or node.zone is ZoneFormat.NONE:
        return text
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    moment = moment if moment.tzinfo else moment.replace(tzinfo=_CHINA)
    return (moment.astimezone(UTC) if node.zone is ZoneFormat.NORMALIZED else moment).isoformat()


def _time(node: Input, posted: Posted, here: Path) -> object:
    text = _last(posted, dotted(here))
    if not text or node.zone is ZoneFormat.NONE or len(text) > 8:
        return text
    return f"{text}+08:00"


def _files(node: Input, posted: Posted, here: Path) -> object:
    files: list[object] = []
    for index in range(min(node.upload.max_count + 1, _MAX_FILES)):
        place = (*here, index)
        ident = _last(posted, dotted((*place, "id")))
        if ident is None:
            break
        size = _last(posted, dotted((*place, "size"))) or "0"
        files.append({"id": ident, "name": _last(posted, dotted((*place, "name"))) or "", "size": size})
    return _without_removed(files, posted, here)


_READERS: dict[InputType, Callable[[Input, Posted, Path], object]] = {
    InputType.CHECKBOX: _tick,
    InputType.CHECKLIST: _many,
    InputType.TAGLIST: _many,
    InputType.DATETIME: _moment,
    InputType.TIME: _time,
    InputType.UPLOAD: _files,
}
