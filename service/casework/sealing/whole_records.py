"""What is sealed is what is on record: the chains of the round hold, agree with the anchors, and hold every count."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from service.casework.ballots.box import COUNTED
from service.casework.desk.desk import Desk
from service.casework.records.compare import altered, altered_beside
from service.casework.records.holding import spoilt_beside, spoilt_entry
from service.casework.records.signed_heads import FORMER_KEY
from service.casework.soundness.anchors import anchored_heads
from service.casework.soundness.chains import KEEP
from service.domain.ballots import fingerprint_of
from service.domain.errors import Conflict
from service.domain.text import Text
from service.store import ToldOfRows, Transaction
from service.store.rows import AuditRow, CaseRow


def demand_whole_records(desk: Desk, tx: Transaction, cases: Sequence[CaseRow]) -> None:
    """Raise Conflict, which names it, where a chain, an anchored entry or a counted ballot of the cases was changed."""
    wrong = next(_changed(desk, tx, cases), None)
    if wrong is not None:
        raise Conflict(Text(f"不能封存：{wrong.zh}；{KEEP.zh}。", f"It cannot be sealed: {wrong.en}; {KEEP.en}."))


def _changed(desk: Desk, tx: Transaction, cases: Sequence[CaseRow]) -> Iterator[Text]:
    told = list[ToldOfRows]()
    found = altered(desk, tx, [case.id for case in cases], beside=told)
    yield from (one.words for one in (*found, *altered_beside(desk, tx, told, every=False)))
    events = {case.id: tx.history.whole(case.id) for case in cases}
    for case in cases:
        first = tx.history.verify(case.id)
        if first is not None:
            yield spoilt_entry(tx, case.id, first)
        yield from _counts(tx, case, events[case.id])
    yield from spoilt_beside(desk, tx, list(events))
    there = {(f"case {case}", event.seq): event.hash for case, rows in events.items() for event in rows}
    for head in anchored_heads(desk, tx, {f"case {case.id}" for case in cases}):
        if head is None:
            yield Text(
                f"有一个锚定不是本系统的密钥签名的{FORMER_KEY.zh}",
                f"an anchor is not signed with the key of this installation{FORMER_KEY.en}",
            )
        elif there.get((head.chain, head.seq)) != head.hash:
            yield Text(
                f"{head.chain} 第{head.seq}条与锚定时不同，或者已不存在",
                f"entry {head.seq} of {head.chain} is not what was anchored, or is gone",
            )


def _counts(tx: Transaction, case: CaseRow, events: Sequence[AuditRow]) -> Iterator[Text]:
    """Yield the ballots whose record is not the one whose fingerprint went on record with the count."""
    told = {e.data["ballot"]: str(e.data["fingerprint"]) for e in events if {"ballot", "fingerprint"} <= set(e.data)}
    rows = {row.id: row for row in tx.ballots.of_case(case.id)}
    for ident in sorted({*told, *(row.id for row in rows.values() if row.state == COUNTED)}):
        row, result = rows.get(ident), tx.ballots.result(ident)
        title = row.title if row else str(ident)
        kept = "" if result is None or row is None or row.state != COUNTED else fingerprint_of(result.record)
        if result is None or not kept == result.fingerprint == told.get(ident):
            yield Text(
                f"办件{case.id}表决“{title}”的计票记录不是计票时记入办理记录的那一份",
                f"the count of the ballot “{title}” in case {case.id} is not the one that went on record",
            )
