"""Service of operations: spreadsheets submitted with a form, read in the sandboxed child process."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from service.casework.step.step import Step
from service.domain.errors import NotFound
from service.domain.text import Text
from service.sdk import TableFile
from service.store.models import UploadRow


class TablePort:
    """Files of the case of a step."""

    def __init__(self, step: Step) -> None:
        self._step = step

    def read(self, upload: Mapping[str, Any]) -> TableFile:
        """Read a table in the sandbox."""
        row = self._row(upload)
        with self._step.desk.store.files.open(row.sha256) as file:
            return TableFile(row.name, row.sha256, self._step.desk.sandbox.rows(row.name, file.read()))

    def sha256(self, upload: Mapping[str, Any]) -> str:
        """Return what a file is recognised by."""
        return self._row(upload).sha256

    def _row(self, upload: Mapping[str, Any]) -> UploadRow:
        """Return an upload of this case, never one of another."""
        row = self._step.tx.uploads.get(str(upload.get("id")))
        if row.case_id != self._step.case.id or row.removed_at is not None:
            raise NotFound(Text(f"附件“{row.name}”不在本办件中。", f"The file “{row.name}” is not one of this case."))
        return row
