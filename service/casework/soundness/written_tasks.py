"""Open tasks of which somebody else wrote who holds them."""

from __future__ import annotations

from collections.abc import Iterator

from service.casework.desk.desk import Desk
from service.casework.people.seals import sealed_kinds
from service.casework.soundness.lacking_seals import lacking
from service.domain.proof.row_mark import RowMark, matter_of


def written_tasks(desk: Desk) -> Iterator[RowMark]:
    """Name the open tasks that lack the seal of this installation, in words; nothing before each must have one."""
    for row in lacking(desk, sealed_kinds.tasks):
        yield RowMark(
            f"表 task 第{row.id}行由谁办理、属于哪个环节、是否待会签（role、body_id、form、signs_open 等列）不是由本系统写入的，不能办理",
            f"who holds row {row.id} of table task, or what it is of (role, body_id, form, signs_open and the like), was not"
            " written by this program: nobody can do it",
            table="task",
            row=f"{row.id}",
            matter=matter_of(row.seal),
        )
