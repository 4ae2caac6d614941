"""Open tasks of which somebody else wrote who holds them."""

from __future__ import annotations

from collections.abc import Iterator

from service.casework.desk.desk import Desk
from service.domain.text import Text

_AT_ONCE = 200


def written_tasks(desk: Desk) -> Iterator[Text]:
    """Name the open tasks that lack the seal of this installation, in words; nothing before each must have one."""
    seals, after = desk.store.seals, 0
    while seals is not None and seals.asks_for("task"):
        with desk.store.read() as tx:
            page = tx.tasks.page(after, _AT_ONCE)
            lacking = [row.id for row in page if tx.tasks.lacks_seal(row)]
        for ident in lacking:
            yield Text(
                f"表 task 第{ident}行由谁办理、属于哪个环节（role、body_id、form 等列）不是由本系统写入的，不能办理",
                f"who holds row {ident} of table task, or what it is of (role, body_id, form and the like), was not written by"
                " this program: nobody can do it",
            )
        if not page:
            return
        after = page[-1].id
