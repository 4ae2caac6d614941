"""What people wrote into the rows of a case, table by table, so that it can be read and replaced in every place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from service.store.repositories.base import Repository
from service.store.rows.cases import task
from service.store.rows.columns import metadata
from service.store.rows.interventions import intervention_result
from service.store.rows.submissions import upload
from service.store.searching import files_noted, noted

CONTENT: Mapping[str, tuple[str, ...]] = {
    "case_instance": ("title", "facts"),
    "task": ("title", "subject", "due_reason", "note"),
    "inbox": ("payload",),
    "form_result": ("data",),
    "draft": ("data",),
    "case_note": ("words",),
    "rating": ("words", "answer", "reason"),
    "sign_ask": ("words", "data"),
    "task_sign": ("words",),
    "page_note": ("quote", "words"),
    "sitting": ("title", "agenda", "words"),
    "upload": ("name",),
    "finding": ("text", "details"),
    "document": ("title", "content"),
    "incident": ("what", "consequence", "remedy", "detail", "cause", "settled", "handed_note"),
    "work_item": ("payload", "last_error"),
    "mail": ("address", "subject", "text"),
    "score_sheet": ("scores", "reason"),
    "stage_score": ("details",),
    "appointment": ("room", "note"),
    "interest": ("text",),
    "recusal": ("reason", "lifted_reason"),
    "case_move": ("why", "details"),
    "intervention_result": ("said",),
    "intervention_batch": ("given", "reason"),
}
"""Columns with words of people. What else these tables hold are numbers, days, and names that the program gives."""

KEPT: Mapping[str, str] = {
    "audit": "entries stay with their hashes; words in them and beside them are replaced (`HistoryRepository.redact`)",
    "notice": "stays as it was posted",
    "ballot": "the count must be repeatable",
    "ballot_roll": "the count must be repeatable",
    "ballot_recusal": "the count must be repeatable",
    "ballot_result": "the count must be repeatable",
    "expert_draw": "the draw must be repeatable",
    "panel_member": "belongs to the register of experts",
    "archive": "its files are dropped (`ErasureRepository.open_archive_copies`)",
    "archive_part": "its files are dropped",
    "erasure": "says what was erased, never its words",
}
"""Tables with words about a case that are not in `CONTENT`, and why."""


@dataclass(frozen=True, slots=True)
class StoredContent:
    """The words in one row: ``key`` names it, ``values`` are those of its columns in `CONTENT`; ``form`` of a form."""

    table: str
    key: Mapping[str, Any]
    values: Mapping[str, Any]
    form: str = ""

    @property
    def name(self) -> str:
        """Return the row as a record names it, such as ``form_result:12``."""
        return f"{self.table}:{'/'.join(str(part) for part in self.key.values())}"


class CaseContentRepository(Repository):
    """Every row with words of one case; for reading all of it, and for erasing."""

    def of_case(self, case_id: int) -> Iterator[StoredContent]:
        """Yield the rows of a case that hold words, table by table."""
        for name, columns in CONTENT.items():
            table = metadata.tables[name]
            keys = [column.name for column in table.primary_key]
            form = table.c.form if name == "form_result" else sa.literal("")
            found = sa.select(*(table.c[each] for each in (*keys, *columns)), form).where(_of_case(table, case_id))
            for row in self._connection.execute(found.order_by(*(table.c[key] for key in keys))).all():
                values = dict(zip((*keys, *columns), row[:-1], strict=True))
                key = {each: values[each] for each in keys}
                yield StoredContent(name, key, {each: values[each] for each in columns}, row[-1])

    def replace(self, row: StoredContent, values: Mapping[str, Any]) -> None:
        """Write other words into a row; a text that became too long for its column is cut."""
        table = metadata.tables[row.table]
        where = [table.c[name] == value for name, value in row.key.items()]
        fitting = {name: _fitting(table.c[name], value) for name, value in values.items()}
        cases = self._connection.scalars(sa.select(table.c.case_id).where(*where)).all() if table is upload else ()
        with noted(self._connection, table, row.key.get("id", 0), fitting), files_noted(self._connection, cases):
            self._change(sa.update(table).where(*where).values(fitting))

    def drop_drafts(self, case_id: int) -> int:
        """Remove what was typed for tasks of a case and never submitted; returns how many there were."""
        table = metadata.tables["draft"]
        return self._change(sa.delete(table).where(_of_case(table, case_id)))

    def forget_moves(self, case_id: int) -> None:
        """Remove the engine's states that would undo the moves of a case to other versions."""
        table = metadata.tables["case_move"]
        self._change(sa.update(table).where(table.c.case_id == case_id).values(before=None))


def _of_case(table: sa.Table, case_id: int) -> sa.ColumnElement[bool]:
    if table.name == "case_instance":
        return table.c.id == case_id
    if table.name == "draft":
        return table.c.task_id.in_(sa.select(task.c.id).where(task.c.case_id == case_id))
    if table.name == "intervention_batch":
        batches = sa.select(intervention_result.c.batch_id).where(intervention_result.c.case_id == case_id)
        return table.c.id.in_(batches)
    return table.c.case_id == case_id


def _fitting(column: sa.Column[Any], value: Any) -> Any:
    most = getattr(column.type, "length", None)
    return value[:most] if isinstance(value, str) and most else value
