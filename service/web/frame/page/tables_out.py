"""Lists handed out as tables (.xlsx)."""

from __future__ import annotations

import io
from collections.abc import Sequence

from flask import Response

from service.casework.queries.downloads.files import Download
from service.domain.spreadsheets.lists import Column
from service.office.workbooks import XLSX, write_xlsx
from service.web.frame.page.files import hand_out


def as_table(name: str, columns: Sequence[Column], rows: Sequence[Sequence[object]]) -> Response:
    """Hand out a list as a table of that name, which nobody keeps on the way."""
    content = write_xlsx(name, columns, rows)
    return hand_out(Download(f"{name}.xlsx", XLSX, len(content), io.BytesIO(content)))
