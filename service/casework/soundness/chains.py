"""Every chain of hashes holds: of cases, those that have ended too, and of packages and their settings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from service.casework.desk.desk import Desk
from service.casework.queries.proof.verify_chains import other_chains
from service.casework.records.foreign import foreign_words
from service.casework.soundness.fault import Unsound, WrongCase, in_case
from service.domain.text import Text
from service.store import Transaction

_PAGE = 200
KEEP = Text(
    "保留现状，与最近的备份核对，查明是谁改动的",
    "keep things as they are, compare them with a backup and find out who did it",
)


def chains(desk: Desk) -> Iterator[int | Unsound]:
    """Recompute every hash, in pages; a case that seems wrong is looked at once more while nobody may move it."""
    with desk.store.read() as tx:
        broken = [(name, _wrong(tx, name, first)) for name, first in other_chains(tx) if first is not None]
    for name, said in broken:
        yield Unsound(
            Text(f"记录链 {name}", f"chain {name}"), Text(f"{said.zh}；{KEEP.zh}。", f"{said.en}; {KEEP.en}.")
        )
    after = 0
    while True:
        page, wrong = page_of_chains(desk, after, _PAGE)
        for one in wrong:
            yield from in_case(one.case_id, one.title, one.wrong, KEEP)
        if not page:
            return
        yield len(page)
        after = page[-1]


def page_of_chains(desk: Desk, after: int, most: int) -> tuple[Sequence[int], list[WrongCase]]:
    """Return the next ``most`` cases by number, and those of them whose histories do not hold."""
    with desk.store.read() as tx:
        page = tx.cases.numbers_after(after, most)
        suspects = [case for case in page if tx.history.verify(case) is not None]
    return page, [wrong for case in suspects for wrong in _held_still(desk, case)]


def _held_still(desk: Desk, case_id: int) -> list[WrongCase]:
    with desk.store.write() as tx:
        row = tx.cases.lock(case_id)
        first = tx.history.verify(case_id)
        foreign = foreign_words(tx, f"case {case_id}", first) if first is not None else None
    if first is None:
        return []
    wrong = Text(f"办理记录第{first}条被改动或缺失", f"event {first} of its history was changed or is missing")
    if foreign is not None:
        wrong = Text(f"办理记录{foreign.zh}", f"history: {foreign.en}")
    return [WrongCase(case_id, row.title, (wrong,))]


def _wrong(tx: Transaction, name: str, first: int) -> Text:
    changed = Text(f"第{first}条记录被改动或缺失", f"event {first} was changed or is missing")
    return foreign_words(tx, name, first) or changed
