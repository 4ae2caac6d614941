"""Marks: up to where entries of a chain need no MAC, and what of a chain this installation did not add."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa

from service.store.rows import ChainMarkRow
from service.store.rows.acts import chain_mark
from service.store.seals.entry_macs import CHAIN_MARKS
from service.store.seals.row_seals import RowSeals

Head = tuple[int, str]
"""Number and hash of the last entry of a chain; 0 and "" where it has none."""


def with_mark(heads: sa.FromClause, seq: sa.Column[Any], hashed: sa.Column[Any]) -> sa.Select[*tuple[Any, ...]]:
    """Return the question for number and hash of a head, and for the mark of its chain, given as ``chain``."""
    both = heads.outerjoin(chain_mark, chain_mark.c.chain == sa.bindparam("chain"))
    return sa.select(seq, hashed, chain_mark.c.seq, chain_mark.c.hash, chain_mark.c.mac).select_from(both)


def marked_head(seals: RowSeals | None, chain: str, found: Sequence[Sequence[Any]]) -> tuple[Head, ChainMarkRow | None]:
    """Return the head and the mark that `with_mark` found; a mark that others wrote says nothing."""
    if not found:
        return (0, ""), None
    seq, hashed, marked, at_mark, mac = found[0]
    if marked is None:
        return (seq, hashed), None
    return (seq, hashed), own_mark(seals, ChainMarkRow(chain=chain, seq=marked, hash=at_mark, mac=mac))


def own_mark(seals: RowSeals | None, mark: ChainMarkRow | None) -> ChainMarkRow | None:
    """Return a mark that this installation made; None for another."""
    return mark if seals is not None and mark is not None and seals.entries.is_own(mark) else None


def first_unkeyed(
    seals: RowSeals | None, chain: str, entries: Iterable[tuple[int, str, str]], mark: ChainMarkRow | None
) -> int | None:
    """Return the number of the first of ``entries`` (number, hash, MAC) of a chain that this program did not add.

    None where all are its own, where they stand before its own ``mark``, and before each entry must have a MAC.
    """
    if seals is None or not seals.asks_for(CHAIN_MARKS):
        return None
    for seq, hashed, mac in entries:
        if mark is not None and seq <= mark.seq:
            if seq == mark.seq and hashed != mark.hash:
                return seq
        elif not seals.entries.holds(chain, seq, hashed, mac):
            return seq
    return None


def ends_elsewhere(last: Head, head: Head, mark: ChainMarkRow | None) -> int | None:
    """Return the first entry that is missing where a chain ends at ``last``, not at its ``head`` or before its ``mark``."""
    if last != head:
        return min(last[0], head[0]) + 1
    return last[0] + 1 if mark is not None and last[0] < mark.seq else None
