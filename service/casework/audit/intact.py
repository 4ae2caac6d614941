"""Rows that decide, against the newest event that tells of each; and the gate before a result is made of them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from service.casework.audit.heads import lost_end, queue_head
from service.casework.desk.desk import Desk
from service.domain.calendar import CHINA
from service.domain.errors import LaurelError
from service.domain.text import Text
from service.store import DECISIVE, UNREADABLE, DecisiveRow, LoggedEvent, Transaction, is_hash_of_row
from service.store.row_log import BESIDE_CASES

SECRET = "log"  # noqa: S105  the name of a secret, not a secret
_REGISTER = ("award_record", "award_holder", "sanction")
_OF_ROUND = tuple(table for table in DECISIVE if table not in BESIDE_CASES or table in _REGISTER)
"""Tables that the results of a round rest on."""


class Differs(Enum):
    """How a row differs from the log."""

    CHANGED = Text("的内容与记录不同", "is not what was recorded")
    REMOVED = Text("已被删除", "was removed")
    ADDED = Text("没有任何记录，不是由本系统写入的", "is in no event: the program did not write it")
    RETURNED = Text("已由本系统删除，却又在表中", "was removed by the program, and is there again")


KEY_LOST = Text(
    f"密钥目录（LAUREL_BALLOT_KEYS）中没有 {SECRET}.secret，结果数据无法与记录核对，请放回另外保管的一份",
    f"{SECRET}.secret is not in the folder of keys (LAUREL_BALLOT_KEYS), so no row can be compared with what was recorded;"
    " put the kept copy back",
)


@dataclass(frozen=True, slots=True)
class RowDifference:
    """A row (``table:key``) that is not what its newest ``event`` says; None where there is none."""

    name: str
    how: Differs
    event: LoggedEvent | None = None

    @property
    def words(self) -> Text:
        """Say which table and row, what differs, since when, and who acted last."""
        table, _, key = self.name.partition(":")
        zh, en = f"表 {table} 第{key}行{self.how.value.zh}", f"row {key} of table {table} {self.how.value.en}"
        if self.event is None:
            return Text(zh, en)
        when, place = f"{self.event.at.astimezone(CHINA):%Y-%m-%d %H:%M}", f"{self.event.chain} {self.event.seq}"
        return Text(
            f"{zh}（最后一次由{self.event.actor}于 {when} 写入，记录 {place}）",
            f"{en} (last written by {self.event.actor} at {when}, event {place})",
        )


class NotIntact(LaurelError):
    """What a result would be made of is not what is on record; nothing is made of it."""

    code = "not_intact"

    def __init__(self, found: Text) -> None:
        super().__init__(
            Text(
                f"数据在系统之外被改动，已停止办理：{found.zh}。请审计管理员运行 laurel doctor --deep 查明，恢复原值后再继续。",
                f"Data were changed beside the program, and it goes no further: {found.en}. The audit administrator runs"
                " laurel doctor --deep; put the value back, then go on.",
            )
        )


def require_intact(desk: Desk, tx: Transaction, case_id: int) -> None:
    """Raise NotIntact where a chain of the round of a case, or a row that its results rest on, is not what is on record.

    Asked before a ranking, a count, an award and a publication; once in a unit of work. A head is signed once it is committed.
    """
    log = tx.row_log
    if log is None:
        return
    if desk.ballot_keys.find_stored_secret(SECRET) is None:
        if tx.log.holds_rows():
            raise NotIntact(KEY_LOST)
        return
    cases = _round_of(tx, case_id)
    if cases[0] in log.intact:
        return
    end = lost_end(desk, tx, {f"case {case}" for case in cases})
    if end is not None:
        raise NotIntact(
            Text(
                f"{end.chain} 第{end.seq}条与库外签名的记录头不同，或者已不存在",
                f"event {end.seq} of {end.chain} is not what a signed head outside says, or is gone",
            )
        )
    # Who commits a row commits its event with it: only of one instant do both agree, and this unit's own are not there yet.
    with desk.store.snapshot() as committed:
        try:
            _require_committed(desk, committed, cases)
        except UNREADABLE as error:
            raise NotIntact(Text("办理记录中有内容读不出", "something in the log cannot be read")) from error
    log.intact.add(cases[0])
    queue_head(desk, tx, tx.cases.get(case_id))


def _require_committed(desk: Desk, tx: Transaction, cases: Sequence[int]) -> None:
    for case in cases:
        broken = tx.history.verify(case)
        if broken is not None:
            raise NotIntact(
                Text(
                    f"办件 {case} 的办理记录第{broken}条被改动或缺失",
                    f"event {broken} in the history of case {case} was changed or is missing",
                )
            )
    differing = next(differing_rows(desk, tx, cases, _OF_ROUND), None)
    if differing is not None:
        raise NotIntact(differing.words)


def differing_rows(
    desk: Desk, tx: Transaction, case_ids: Sequence[int] | None = None, tables: Collection[str] = tuple(DECISIVE)
) -> Iterator[RowDifference]:
    """Yield which rows of ``tables`` are not as their newest events say: those of these cases (None: all rows).

    ``tx`` is a `snapshot`, in which rows and events are of one instant.
    """
    key = desk.ballot_keys.find_stored_secret(SECRET)
    if key is None:
        return
    events = _newest_events(tx, key, case_ids)
    seen = set[str]()
    for row in tx.log.rows(tables, case_ids):
        seen.add(row.name)
        event = events.get(row.name)
        if event is None:
            yield RowDifference(row.name, Differs.ADDED)
            continue
        if event.rows[row.name] is None:
            yield RowDifference(row.name, Differs.RETURNED, event)
        elif not _is_logged(key, row, event):
            yield RowDifference(row.name, Differs.CHANGED, event)
    moved: list[DecisiveRow] = []
    for name, event in events.items():
        if name in seen or event.rows[name] is None or name.partition(":")[0] not in tables:
            continue
        there = tx.log.row(name)
        if there is None:
            yield RowDifference(name, Differs.REMOVED, event)
        elif not _is_logged(key, there, event):
            moved.append(there)
    if moved:  # to another case by somebody, unless an event of that case tells of it
        events = _newest_events(tx, key, None)
        for row in moved:
            if not _is_logged(key, row, events[row.name]):
                yield RowDifference(row.name, Differs.CHANGED, events[row.name])


def _is_logged(key: bytes, row: DecisiveRow, event: LoggedEvent) -> bool:
    hashed = event.rows[row.name]
    if hashed is None or row.values is None:
        return False
    return is_hash_of_row(hashed, key, event.salts.get(row.name, ""), row.name, row.values)


def _newest_events(tx: Transaction, key: bytes, case_ids: Sequence[int] | None) -> dict[str, LoggedEvent]:
    newest: dict[str, LoggedEvent] = {}
    for event in tx.log.events(key, case_ids):
        for name in event.rows:
            if name not in newest or newest[name].order < event.order:
                newest[name] = event
    return newest


def _round_of(tx: Transaction, case_id: int) -> list[int]:
    """Return the cases of the tree that a case is in, the top first, and those that were begun there and are gone from it."""
    top = tx.cases.get(case_id)
    while top.parent_id is not None:
        top = tx.cases.get(top.parent_id)
    tree = [case.id for case in tx.cases.tree(top.id)]
    return list(dict.fromkeys([*tree, *tx.log.begun_below(tree)]))
