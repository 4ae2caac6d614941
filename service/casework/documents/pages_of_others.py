"""Pages of a file that somebody wrote beside the program: they are drawn anew, and it stands on record that they were there."""

from __future__ import annotations

from collections.abc import Sequence

from service.casework.access.actor import SYSTEM
from service.casework.access.altered_state import RowAltered, open_incident
from service.casework.access.book.enter import enter_kept
from service.casework.desk.desk import Desk
from service.domain.text import Text
from service.store import Transaction
from service.store.rows import UploadRow


class PagesAltered(RowAltered):
    """What is kept of a file's pages was not the program's; nothing is refused by it."""

    consequence = Text(
        "这些页面已按原文件重新生成，没有操作被拒绝；此前打开的人可能看到了别的内容",
        "these pages were drawn anew from the file and nothing was refused; who opened them before may have seen something else",
    )
    remedy = Text(
        "请审计管理员运行 laurel audit verify，与备份核对，查明是谁改动的，再写明原因跳过本异常",
        "the audit administrator runs laurel audit verify, compares with a backup and finds out who did it; then skip this"
        " with the reason",
    )


def tell_of_others(desk: Desk, tx: Transaction, row: UploadRow, found: Sequence[str]) -> None:
    """Say what others wrote of the pages of a file: by an incident of its case, of a file that has none in the book."""
    if not found:
        return
    if row.case_id is None:
        enter_kept(tx, desk.clock.now(), SYSTEM, f"upload {row.id}", {"redrawn": [*found]})
        return
    rows, rows_en = "、".join(found), ", ".join(found)
    about = Text(f"附件 {row.id} 的页面", f"What is shown of file {row.id}")
    said = Text(
        f"{rows} 不是由本系统写入的，已重新生成", f"{rows_en} was not written by this program and was drawn anew"
    )
    open_incident(tx, PagesAltered(tx.cases.get(row.case_id), about, said), desk.clock.now())
