"""Accounts, roles held or lent, work and choices without the seal of this installation: they count for nothing, and are told of.

Rows of a program before, and of an old backup, are sealed once; from then on a row without a seal was written by others.
An older program may go on for a while beside this one, as in an upgrade without downtime: what it writes is sealed until a
day is over, or until somebody says on the machine that none of it runs any more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from functools import partial
from typing import TypeVar

from service.casework.access.actor import Actor
from service.casework.access.book.acting import leave_out, tell
from service.casework.access.book.enter import enter_kept
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.digests.entry_marks import Told, mark_chains, tell_marked
from service.casework.people.choice_seals import Late, seal_choices, wrong_choices
from service.casework.people.factors.password_seals import PASSWORD, seal_all_passwords
from service.casework.people.factors.second_means import means_there
from service.casework.people.seals import sealed_kinds
from service.casework.people.seals.missing_rows import count_rows, missing_rows
from service.casework.people.seals.newest_letters import written_of_newest
from service.casework.people.seals.standing_approvals import STANDING, seal_standing, written_approvals
from service.casework.records.foreign import foreign_ends
from service.casework.records.unreadable import readable
from service.domain.proof.row_mark import MarkMatter, RowMark, matter_of
from service.store import ChainEntry, Transaction
from service.store.rows import DeputyRow, MembershipRow, PersonRow
from service.store.seals.entry_macs import CHAIN_MARKS
from service.store.seals.row_seals import RowSeals

_Held = TypeVar("_Held", MembershipRow, DeputyRow)
_AT_ONCE = 200
_TOLD = 20
_LATER = "升级后又有记录由旧程序（或者在系统之外）写入，没有本系统的密钥印记，暂予承认，请核对"
_ACCEPTED = "有记录没有本系统现在的密钥印记，按现状确认"
BESIDE = timedelta(hours=24)
"""So long processes of an older program may go on beside this one; what they write is sealed meanwhile, and told of."""


@guarded("records.keep")
def seal_rows(desk: Desk, actor: Actor, stopped: Callable[[], bool] = bool, *, again: bool = False) -> int:
    """Seal accounts, passwords, roles, links that open accounts, work that waits and choices; returns how many had no seal.

    It is done once; ``again`` for those of a backup that is older than seals, or after the key was lost.
    """
    seals = desk.store.seals
    if seals is None or (seals.asked_for and not again):
        return 0
    count = _seal_kinds(desk, seals, stopped, _untold, again=again)
    count += _mark(desk, seals, stopped, tell_marked(desk, actor, _ACCEPTED) if again else _untold_entries, again=again)
    if not stopped():
        seals.begin()
    return count


@guarded("records.keep")
def seal_rows_beside(desk: Desk, actor: Actor, stopped: Callable[[], bool] = bool) -> int:
    """Seal the same while processes of an older program may go on; returns how many had no seal.

    All rows that are there are sealed at once. Until `BESIDE` is over, what lacks a seal by then is sealed again and stands
    in the book, row by row; only afterwards each row must have one. Where nobody has an account, or nothing lacks a seal
    before any was asked for, no older program runs.
    """
    seals = desk.store.seals
    if seals is None or seals.asked_for:
        return 0
    first = seals.first_sealed_at()
    if first is None:
        return _seal_first(desk, actor, seals, stopped)
    leave_out()  # what is found has entries of its own

    def late(tx: Transaction, table: str, rows: Sequence[object]) -> None:
        about = f"升级后又有{len(rows)}行由旧程序（或者在系统之外）写入或改动，已补封，请核对"
        enter_kept(tx, desk.clock.now(), actor, about, {"after": {"table": table, "rows": [*rows]}})

    count = _seal_kinds(desk, seals, stopped, late)
    _mark(desk, seals, stopped, tell_marked(desk, actor, _LATER))
    if desk.clock.now() >= first + BESIDE and not stopped():
        with desk.store.write() as tx:
            enter_kept(tx, desk.clock.now(), actor, "自此每个账号、角色、每项后台工作和设置都须有本系统的印记", {})
        seals.begin()
    return count


@guarded("records.keep")
def tell_unsealed(desk: Desk, actor: Actor) -> int:  # noqa: ARG001  the guard reads it
    """Enter in the book which accounts, roles, work and choices others wrote, each once in a process; returns how many are new."""
    seals = desk.store.seals
    found = [] if seals is None else [*unsealed(desk), *foreign_ends(desk)]
    new = [words for words in found if seals is not None and seals.tell_once(words.en)]
    if new:
        tell(
            f"数据库中有{len(new)}项账号、角色、后台工作或者设置不是由本系统写入或移除，不予承认",
            place="*",
            after={"count": len(new), "rows": [words.as_json() for words in new[:_TOLD]]},
        )
        with desk.store.write():
            pass  # the act itself is entered
    return len(new)


def unsealed(desk: Desk) -> list[RowMark]:
    """Return, in words and by their place, what lacks the seal of this installation, of each table whose rows must have one.

    Accounts whose second factor was taken out of the tables are told of, too.
    """
    seals = desk.store.seals
    if seals is None:
        return []
    looks: list[tuple[str, Callable[[], Iterator[RowMark]]]] = [
        ("person", partial(_wrong_accounts, desk)),
        ("membership", partial(_unsealed, desk, sealed_kinds.roles)),
        ("deputy", partial(_unsealed, desk, sealed_kinds.lent)),
        ("work_item", partial(_written_work, desk)),
        (STANDING, partial(written_approvals, desk)),
        ("mail", partial(_written_letters, desk)),
    ]
    found = [words for table, look in looks if seals.asks_for(table) for words in readable(desk, look())]
    return [*dict.fromkeys((*found, *wrong_choices(desk), *readable(desk, missing_rows(desk, daily=False))))]


def _untold(tx: Transaction, table: str, rows: Sequence[object]) -> None:
    """Tell of nothing: these are all rows that a program before wrote."""


def _untold_entries(tx: Transaction, entries: Sequence[ChainEntry]) -> None:
    """Tell of no entry, for the same reason."""


def _mark(desk: Desk, seals: RowSeals, stopped: Callable[[], bool], told: Told, *, again: bool = False) -> int:
    """Mark the chains; the first time in a folder of keys, and ``again``, those whose MACs another key made, too."""
    if not again and seals.asks_for(CHAIN_MARKS):
        return 0
    return mark_chains(desk, stopped, told, any_key=again or seals.first_sealed_at() is None)


def _seal_first(desk: Desk, actor: Actor, seals: RowSeals, stopped: Callable[[], bool]) -> int:
    with desk.store.read() as tx:
        fresh = not tx.people.everybody(0, 1)
    if fresh:
        return seal_rows(desk, actor, stopped)
    never = not seals.asks_for("membership")
    count = _seal_kinds(desk, seals, stopped, _untold) + _mark(desk, seals, stopped, _untold_entries)
    if never and not count and not stopped():  # a new installation: what a program before wrote has no seal
        seals.begin()
    elif not stopped():
        seals.note_first_sealed(desk.clock.now())
    return count


def _seal_kinds(desk: Desk, seals: RowSeals, stopped: Callable[[], bool], late: Late, *, again: bool = False) -> int:
    count = 0
    if again or not seals.asks_for("person"):
        count += _seal_all(desk, partial(sealed_kinds.accounts, desk, late is not _untold), stopped, late)
    if again or not seals.asks_for("membership"):
        count += _seal_all(desk, sealed_kinds.roles, stopped, late) + _seal_all(desk, sealed_kinds.lent, stopped, late)
        count += _seal_all(desk, sealed_kinds.office_links, stopped, late) + _seal_all(
            desk, sealed_kinds.first_passwords, stopped, late
        )
    if again or not seals.asks_for("work_item"):
        count += _seal_all(desk, sealed_kinds.work, stopped, late) + _seal_batches(desk)
    if again or not seals.asks_for(PASSWORD):
        count += seal_all_passwords(desk, stopped, late)
    if again or not seals.asks_for("task"):
        count += _seal_all(desk, sealed_kinds.tasks, stopped, late)
    if again or not seals.asks_for("mail"):
        count += _seal_all(desk, sealed_kinds.letters, stopped, late)
    if again or not seals.asks_for(STANDING):
        count += _seal_approvals(desk, late)
    if again or not seals.asks_for("setting"):
        count += _seal_moves(desk)
    count += seal_choices(desk, stopped, late, again=again)
    return count + count_rows(desk, stopped, late, again=again)


def _seal_batches(desk: Desk) -> int:
    with desk.store.write() as tx:
        return tx.interventions.seal_waiting()


def _seal_approvals(desk: Desk, late: Late) -> int:
    if lacking := seal_standing(desk):
        with desk.store.write() as tx:
            late(tx, "package_draft", lacking)
    return len(lacking)


def _seal_moves(desk: Desk) -> int:
    with desk.store.write() as tx:
        return tx.moves.seal_undoable()


def _seal_all(
    desk: Desk,
    kind: Callable[[Transaction], sealed_kinds.SealedKind[sealed_kinds.Row]],
    stopped: Callable[[], bool],
    late: Late,
) -> int:
    count = after = 0
    while not stopped():
        with desk.store.write() as tx:
            rows = kind(tx)
            page = rows.page(after, _AT_ONCE)
            for row in (lacking := [row for row in page if rows.lacks(row)]):
                rows.seal(row)
            if lacking:
                late(tx, rows.table, [row.id for row in lacking])
        count += len(lacking)
        if not page:
            break
        after = page[-1].id
    return count


def _unsealed(desk: Desk, kind: Callable[[Transaction], sealed_kinds.SealedKind[_Held]]) -> Iterator[RowMark]:
    after, now = 0, desk.clock.now()
    while True:
        with desk.store.read() as tx:
            rows = kind(tx)
            page = rows.page(after, _AT_ONCE)
            lacking = [row for row in page if rows.lacks(row) and (row.until is None or row.until > now)]
            names = tx.people.named({row.person_id for row in lacking})
        yield from (_words(row, names.get(row.person_id, "")) for row in lacking)
        if not page:
            return
        after = page[-1].id


def _wrong_accounts(desk: Desk) -> Iterator[RowMark]:
    after = 0
    while True:
        with desk.store.read() as tx:
            page = tx.people.everybody(after, _AT_ONCE)
            opened = [row for row in page if row.active and tx.people.lacks_account_seal(row)]
            there = means_there(tx, desk, {row.id for row in page if row.second_means})
        yield from (_closed(row) for row in opened)
        yield from (_fewer(row, there[row.id]) for row in page if there.get(row.id, 0) < row.second_means)
        if not page:
            return
        after = page[-1].id


def _written_work(desk: Desk) -> Iterator[RowMark]:
    with desk.store.read() as tx:
        written = tx.work.written_by_others()
    for row in written:
        yield RowMark(
            f"表 work_item 第{row.id}行（{row.kind}，{row.effect_key}）没有本系统的印记或者已经办过，不予办理",
            f"row {row.id} of table work_item ({row.kind}, {row.effect_key}) lacks the seal of this program, or was done"
            " already, and is not carried out",
            *((), "work_item", f"{row.id}", matter_of(row.seal)),
        )


def _written_letters(desk: Desk) -> Iterator[RowMark]:
    with desk.store.read() as tx:
        yield from [*written_of_newest(tx)]


def _closed(row: PersonRow) -> RowMark:
    return RowMark(
        f"表 person 第{row.id}行（{row.name}的账号）没有本系统的印记，按停用处理",
        f"row {row.id} of table person (the account of {row.name}) lacks the seal of this program and counts as closed",
        *((), "person", f"{row.id}", matter_of(row.seal)),
    )


def _fewer(row: PersonRow, there: int) -> RowMark:
    return RowMark(
        f"表 person 第{row.id}行（{row.name}的账号）应有 {row.second_means} 种第二验证方式，库中只有 {there} 种，缺的不是由本系统移除的",
        f"row {row.id} of table person (the account of {row.name}) has {row.second_means} second factors and the tables hold"
        f" {there}: the program did not remove what is missing",
        *((), "person", f"{row.id}", MarkMatter.MISSING),
    )


def _words(row: MembershipRow | DeputyRow, name: str) -> RowMark:
    if isinstance(row, MembershipRow):
        return RowMark(
            f"表 membership 第{row.id}行（{name}，角色 {row.role}）没有本系统的印记，不予承认",
            f"row {row.id} of table membership ({name}, role {row.role}) lacks the seal of this program and gives no right",
            *((), "membership", f"{row.id}", matter_of(row.seal)),
        )
    return RowMark(
        f"表 deputy 第{row.id}行（{name}的委托代理）没有本系统的印记，不予承认",
        f"row {row.id} of table deputy (lent by {name}) lacks the seal of this program and lends nothing",
        *((), "deputy", f"{row.id}", matter_of(row.seal)),
    )
