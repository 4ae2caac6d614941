"""Form values of a scenario: files and tables are really uploaded, people found by their nicknames."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import uuid4

from service.casework.access.actor import Actor
from service.casework.simulate.stage.experts import person_called
from service.casework.simulate.stage.sample_file import sample_pdf, sample_picture
from service.casework.simulate.stage.stage import PlayState
from service.domain.files.uploads import FileKind
from service.domain.spreadsheets.lists import Column
from service.domain.text import Text
from service.store.models import UploadRow

PDF = sample_pdf()
FILE = "file:"


def as_typed(stage: PlayState, actor: Actor, value: Any, place: str = "") -> Any:
    """Return form values with every ``file:name.pdf`` (or .png) really uploaded and every ``{expert: NAME}`` the person called so.

    ``{table: name.xlsx, rows: [[heading, …], […]]}`` is a table really uploaded, with these cells. ``place`` is the path
    of the field that holds ``value``.
    """
    if isinstance(value, str) and value.startswith(FILE):
        return [_sample(stage, actor, place, value)]
    if isinstance(value, Mapping) and set(value) == {"table", "rows"}:
        return [_upload(stage, actor, place, str(value["table"]), _table(value["rows"]), FileKind.XLSX)]
    if isinstance(value, Mapping):
        if list(value) == ["expert"]:
            return person_called(stage, value["expert"])
        return {k: as_typed(stage, actor, v, _below(place, k)) for k, v in value.items()}
    if isinstance(value, list):
        if value and all(isinstance(v, str) and v.startswith(FILE) for v in value):
            return [_sample(stage, actor, place, v) for v in value]
        return [as_typed(stage, actor, v, _below(place, n)) for n, v in enumerate(value)]
    return value.isoformat() if isinstance(value, date) else value


def _below(place: str, key: object) -> str:
    return f"{place}.{key}" if place else str(key)


def _table(rows: Sequence[Sequence[object]]) -> bytes:
    from service.office.workbooks import write_xlsx  # slow to load; most scenarios send no table

    columns = [Column(str(n), Text(str(heading), str(heading))) for n, heading in enumerate(rows[0])]
    return write_xlsx("table", columns, rows[1:])


def _sample(stage: PlayState, actor: Actor, place: str, given: str) -> dict[str, Any]:
    """Upload the sample that fits the name in ``file:NAME``: the picture for .png, else the PDF."""
    name = given.removeprefix(FILE).strip()
    if name.lower().endswith(FileKind.PNG.extensions):
        return _upload(stage, actor, place, name, sample_picture(), FileKind.PNG)
    return _upload(stage, actor, place, name, PDF, FileKind.PDF)


def _upload(stage: PlayState, actor: Actor, place: str, name: str, content: bytes, kind: FileKind) -> dict[str, Any]:
    sha256, size = stage.desk.store.files.put(content)
    ident = str(uuid4())
    with stage.desk.store.write() as tx:
        tx.uploads.insert(UploadRow(
            id=ident, field=place[-200:], name=name, kind=kind.value, size=size,
            sha256=sha256, person_id=actor.person_id, at=stage.desk.clock.now(),
        ))  # fmt: skip
    return {"id": ident, "name": name, "size": size}
