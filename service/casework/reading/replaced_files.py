"""Which files of a case still stand, and which another has taken the place of since, as a correction does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from service.domain.files.uploads import uploads_in
from service.store import Transaction


@dataclass(frozen=True, slots=True)
class FileStanding:
    """Files of a case: ``replaced`` by what stands in the same field now, None where nothing does."""

    replaced: Mapping[str, str | None]

    @classmethod
    def of_nothing(cls) -> FileStanding:
        """Return what holds where there is no case."""
        return cls({})

    def is_replaced(self, upload_id: str) -> bool:
        """Return whether a file stands in no form any more as it was submitted last."""
        return upload_id in self.replaced

    def instead_of(self, upload_id: str) -> str | None:
        """Return the file that took the place of another; None where none did, or it cannot be told which."""
        return self.replaced.get(upload_id)


def standing_of(tx: Transaction, case_id: int) -> FileStanding:
    """Look which files the newest submission of each form still holds, of each body that submits it."""
    newest: dict[tuple[str, int | None], frozenset[str]] = {}
    before: set[str] = set()
    for row in tx.forms.of_case(case_id):
        file_ids = frozenset(uploads_in(row.data))
        before |= newest.get((row.form, row.body_id), frozenset())
        newest[row.form, row.body_id] = file_ids
    current_ids = frozenset().union(*newest.values()) if newest else frozenset()
    gone = before - current_ids
    if not gone:
        return FileStanding({})
    fields = {row.id: row.field for row in tx.uploads.list_of_case(case_id)}
    now = {fields[ident]: ident for ident in current_ids if ident in fields}
    return FileStanding({ident: now.get(fields.get(ident, "")) for ident in gone})
