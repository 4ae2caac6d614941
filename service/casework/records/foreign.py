"""Entries of chains that this program did not add: named by chain, number and time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from service.casework.desk.desk import Desk
from service.domain.calendar import CHINA
from service.domain.proof.anchor import read_line
from service.domain.proof.row_mark import MarkMatter, RowMark
from service.domain.text import Text
from service.store import Transaction
from service.store.rows import ActRow


def foreign_words(tx: Transaction, chain: str, seq: int) -> Text | None:
    """Say of an entry that others added it, or hashed it anew; None where this program added it or it is not there."""
    if chain.startswith("setting "):
        return None  # its changes have seals of their own
    entry = tx.entries.foreign(chain, seq)
    return None if entry is None or entry.at is None else _words(seq, entry.at)


def broken_words(tx: Transaction, chain: str, seq: int) -> Text:
    """Say that a chain holds up to the entry before number ``seq`` alone, and whether others added that one."""
    foreign = foreign_words(tx, chain, seq)
    if foreign is not None:
        return Text(f"记录链 {chain} {foreign.zh}", f"chain {chain}: {foreign.en}")
    return Text(f"记录链 {chain} 自第{seq}条起有改动或缺失", f"chain {chain} was changed or cut from entry {seq} on")


def broken_behind(tx: Transaction, chain: str, entry: ActRow | None) -> tuple[int, Text] | None:
    """Return the first entry of a chain of the book behind ``entry`` (None: of all) that does not hold, and what is said of it.

    What was changed or taken out there may have said something newer.
    """
    first = tx.acts.first_wrong_after(chain, entry)
    return None if first is None else (first, broken_words(tx, f"book {chain}", first))


def foreign_ends(desk: Desk) -> Iterator[RowMark]:
    """Name what others added at the ends of the chains that moved since the newest anchor."""
    with desk.store.read() as tx:
        last = tx.anchors.last()
        found = tx.anchors.foreign_since(_looked_at(last.line) if last is not None else 0)
    for entry in found:
        said = _gone(entry.seq) if entry.at is None else _words(entry.seq, entry.at)
        yield RowMark(
            f"记录链 {entry.chain} {said.zh}",
            f"chain {entry.chain}: {said.en}",
            table=entry.chain,
            row=f"{entry.seq}",
            matter=MarkMatter.MISSING if entry.at is None else MarkMatter.FOREIGN,
        )


def _words(seq: int, at: datetime) -> Text:
    when = f"{at.astimezone(CHINA):%Y-%m-%d %H:%M}"
    return Text(
        f"第{seq}条（{when}）不是由本系统写入的，没有本系统的密钥印记",
        f"entry {seq} ({when}) was not written by this program: it lacks its keyed mark",
    )


def _gone(seq: int) -> Text:
    return Text(f"第{seq}条不存在", f"entry {seq} is not there")


def _looked_at(line: str) -> int:
    """Return up to which event of cases an anchor has looked, as it says; the first where somebody spoilt it."""
    try:
        return read_line(line).anchor.events or 0
    except ValueError:
        return 0
