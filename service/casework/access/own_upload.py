"""A file that is opened before a case has it, or submitted, is what its sender uploaded, as the seal of its row says."""

from __future__ import annotations

from service.domain.errors import Conflict
from service.domain.text import Text
from service.store import Transaction
from service.store.rows import UploadRow


def demand_own_upload(tx: Transaction, row: UploadRow) -> None:
    """Raise Conflict where others wrote whose a file is, or what it holds."""
    if not tx.uploads.is_own(row):
        raise Conflict(
            Text(
                f"附件“{row.name}”的登记在系统之外被改动，不能打开或者提交。请移除后重新上传，并告知审计管理员。",
                f"What is stored of the file “{row.name}” was changed beside the program: it is neither opened nor submitted."
                " Remove it, upload it again and tell the audit administrator.",
            )
        )
