"""Whether the records hold from which rows are judged: else an older value could be put back and its newer record spoilt."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime

from service.casework.desk.desk import Desk
from service.casework.records.foreign import foreign_words
from service.casework.records.signed_heads import newest_heads
from service.domain.text import Text
from service.store import Transaction
from service.store.rows import AuditRow
from service.store.seals.altered import HistoryAltered


def spoilt_record(desk: Desk, tx: Transaction, case_ids: Collection[int]) -> Text | None:
    """Return what does not hold of the histories of these cases, or of the book since they began; None where all does.

    Each chain must hold from entry to entry, end where its row says, and be as long as the newest anchor and the notes
    of the minutes since saw it.
    """
    for case_id in sorted(case_ids):
        first = tx.history.verify(case_id)
        if first is not None:
            return spoilt_entry(tx, case_id, first)
    return next(spoilt_beside(desk, tx, case_ids), None)


def sound_history(desk: Desk, tx: Transaction, case_id: int) -> list[AuditRow]:
    """Return the history of a case, oldest first, to what decides by it outside a step, where nobody asks how long it was.

    Raises HistoryAltered where an entry does not hold, and where one that an anchor or a minute saw is gone.
    """
    events = tx.history.sound(case_id)
    for head in tx.anchors.not_found([*newest_heads(desk, tx, {f"case {case_id}"}).values()]):
        raise HistoryAltered(case_id, head.seq)
    return events


def spoilt_entry(tx: Transaction, case_id: int, first: int) -> Text:
    """Say of the first wrong event in the history of a case what is wrong with it."""
    foreign = foreign_words(tx, f"case {case_id}", first)
    if foreign is not None:
        return Text(f"办件 {case_id} 的办理记录{foreign.zh}", f"the history of case {case_id}: {foreign.en}")
    return Text(
        f"办件 {case_id} 的办理记录第{first}条被改动或缺失",
        f"event {first} in the history of case {case_id} was changed or is missing",
    )


def spoilt_beside(desk: Desk, tx: Transaction, case_ids: Collection[int]) -> Iterator[Text]:
    """Yield what does not hold of the book since these cases began, and what their histories and the book lack at the end."""
    if not case_ids:
        return
    began = min(tx.cases.get(case_id).started_at for case_id in case_ids)
    books = [head.chain for head in tx.acts.heads()]
    for name in books:
        first = _first_spoilt(desk, tx, name, began)
        foreign = foreign_words(tx, f"book {name}", first) if first is not None else None
        if foreign is not None:
            yield Text(f"操作记录 {name} {foreign.zh}", f"book {name}: {foreign.en}")
        elif first is not None:
            yield Text(
                f"操作记录 {name} 第{first}条被改动或缺失", f"entry {first} of book {name} was changed or is missing"
            )
    known = newest_heads(desk, tx, {*(f"case {case_id}" for case_id in case_ids), *(f"book {name}" for name in books)})
    for head in tx.anchors.not_found(list(known.values())):
        yield Text(
            f"{head.chain} 第{head.seq}条与锚定时不同，或者已不存在",
            f"entry {head.seq} of {head.chain} is not what was anchored, or is gone",
        )


def _first_spoilt(desk: Desk, tx: Transaction, name: str, began: datetime) -> int | None:
    """Return the first entry of a chain of the book that does not hold; what this process verified before is passed over."""
    verified = desk.store.booked.verified
    known = verified.get(name)
    if known is not None and known[0] <= began:
        broken, came_to = _verified_on(tx, name, known[1])
        if broken is None:
            verified[name] = (known[0], came_to)
            return None
    broken, came_to = _verified_on(tx, name, tx.acts.before(name, began))
    if broken is None:
        verified[name] = (began, came_to)
    return broken


def _verified_on(tx: Transaction, name: str, after: tuple[int, str]) -> tuple[int | None, tuple[int, str]]:
    """Verify a chain to its end; returns its first wrong entry, and number and hash of its last."""
    while True:
        broken, seq, hashed = tx.acts.verify_page(name, after)
        if (
            broken is not None and tx.told is None
        ):  # the end moves while others enter something: once more while none may
            broken, seq, hashed = tx.acts.verify_page(name, after, held=True)
        if broken is not None or (seq, hashed) == after:
            return broken, after
        after = (seq, hashed)
