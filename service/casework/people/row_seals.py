"""Roles that people hold or lend without the seal of this installation: they give no right, and are told of.

Rows of a program before, and of an old backup, are sealed once; from then on a row without a seal was written by others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeAlias

from service.casework.access.actor import Actor
from service.casework.access.book.acting import tell
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.domain.text import Text
from service.store import Transaction
from service.store.rows import DeputyRow, MembershipRow

_Row: TypeAlias = MembershipRow | DeputyRow
_AT_ONCE = 200
_TOLD = 20


@guarded("records.keep")
def seal_rows(desk: Desk, actor: Actor, stopped: Callable[[], bool] = bool, *, again: bool = False) -> int:  # noqa: ARG001
    """Seal the roles that people hold and lend, some in a transaction; returns how many had no seal.

    It is done once; ``again`` for those of a backup that is older than seals, or after the key was lost.
    """
    seals = desk.store.seals
    if seals is None or (seals.asked_for and not again):
        return 0
    count = 0
    for some in (_memberships, _deputies):
        after = 0
        while not stopped():
            with desk.store.write() as tx:
                after, lacking = some(tx, after)
                for row in lacking:
                    if isinstance(row, MembershipRow):
                        tx.people.seal_membership(row)
                    else:
                        tx.deputies.seal(row)
            count += len(lacking)
            if not after:
                break
    if not stopped():
        seals.begin()
    return count


@guarded("records.keep")
def tell_unsealed(desk: Desk, actor: Actor) -> int:  # noqa: ARG001  the guard reads it
    """Enter in the book which roles others wrote, each once in a process; returns how many are new."""
    seals = desk.store.seals
    found = [] if seals is None else unsealed(desk)
    new = [words for words in found if seals is not None and seals.tell_once(words.en)]
    if new:
        tell(
            f"数据库中有{len(new)}项角色不是由本系统写入，不予承认",
            place="*",
            after={"count": len(new), "rows": [words.as_json() for words in new[:_TOLD]]},
        )
        with desk.store.write():
            pass  # the act itself is entered
    return len(new)


def unsealed(desk: Desk) -> list[Text]:
    """Return, in words, the roles in force that lack the seal of this installation; none before all have one."""
    seals = desk.store.seals
    if seals is None or not seals.asked_for:
        return []
    return [*_unsealed(desk, _memberships), *_unsealed(desk, _deputies)]


def _unsealed(desk: Desk, some: Callable[[Transaction, int], tuple[int, Sequence[_Row]]]) -> Iterator[Text]:
    after, now = 0, desk.clock.now()
    while True:
        with desk.store.read() as tx:
            after, lacking = some(tx, after)
            now_held = [row for row in lacking if row.until is None or row.until > now]
            names = tx.people.named({row.person_id for row in now_held})
        yield from (_words(row, names.get(row.person_id, "")) for row in now_held)
        if not after:
            return


def _memberships(tx: Transaction, after: int) -> tuple[int, Sequence[_Row]]:
    """Return the last number of the next rows (0: none are left), and those of them that lack a seal."""
    rows = tx.people.page_of_memberships(after, _AT_ONCE)
    return (rows[-1].id if rows else 0), [row for row in rows if tx.people.lacks_seal(row)]


def _deputies(tx: Transaction, after: int) -> tuple[int, Sequence[_Row]]:
    rows = tx.deputies.page(after, _AT_ONCE)
    return (rows[-1].id if rows else 0), [row for row in rows if tx.deputies.lacks_seal(row)]


def _words(row: _Row, name: str) -> Text:
    if isinstance(row, MembershipRow):
        return Text(
            f"表 membership 第{row.id}行（{name}，角色 {row.role}）没有本系统的印记，不予承认",
            f"row {row.id} of table membership ({name}, role {row.role}) lacks the seal of this program and gives no right",
        )
    return Text(
        f"表 deputy 第{row.id}行（{name}的委托代理）没有本系统的印记，不予承认",
        f"row {row.id} of table deputy (lent by {name}) lacks the seal of this program and lends nothing",
    )
