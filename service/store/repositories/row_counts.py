"""How many rows belong to an owner, under a seal: what is missing is named."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, TypeVar

import sqlalchemy as sa

from service.store.repositories.base import Repository, among, values_of
from service.store.rows import RowCountRow
from service.store.rows.row_counts import row_count
from service.store.seals.counted_rows import (
    COUNTED,
    COUNTS,
    CountedRows,
    Counting,
    Fewer,
    RowsMissing,
    begun,
    begun_of,
    fewer,
    pending,
)
from service.store.seals.row_seals import mark_of

_OF = row_count.c.counted == sa.bindparam("name")
_KEPT = sa.select(row_count).where(_OF, among(row_count.c.owner, "owners"))
_LOCKED = (
    sa.select(row_count)
    .where(sa.tuple_(row_count.c.counted, row_count.c.owner).in_(sa.bindparam("keys", expanding=True)))
    .order_by(row_count.c.counted, row_count.c.owner)
    .with_for_update()
)
_EVERY = sa.select(row_count).where(_OF).order_by(row_count.c.owner)
_CHANGED = (
    sa.update(row_count)
    .where(row_count.c.counted == sa.bindparam("at_name"), row_count.c.owner == sa.bindparam("at_owner"))
    .values(amount=sa.bindparam("amount"), seal=sa.bindparam("seal"))
)
_One = TypeVar("_One")
_AT_ONCE = 400
"""So many owners are asked for in one statement: a database takes so many values and no more."""


def beside(of: CountedRows, owner: object) -> list[sa.ColumnElement[Any]]:
    """Return columns that say how many rows of an owner there are, how many were counted, and the seal of that."""
    column = of.table.c[of.column]
    own = sa.select(sa.func.count(sa.distinct(of.table.c[of.told_by]))).where(column == owner).scalar_subquery()
    mine = (row_count.c.counted == of.name, row_count.c.owner == str(owner))
    kept = [sa.select(row_count.c[name]).where(*mine).scalar_subquery() for name in ("amount", "seal")]
    return [own.label("rows_there"), kept[0].label("rows_counted"), kept[1].label("seal_of_count")]


def _pieces(every: Sequence[_One]) -> Iterator[list[_One]]:
    for start in range(0, len(every), _AT_ONCE):
        yield [*every[start : start + _AT_ONCE]]


class RowCountRepository(Repository):
    """Counts of rows; what says that fewer are there than were counted."""

    def missing(self, of: CountedRows, found: Mapping[object, int]) -> Iterator[Fewer]:
        """Yield which of these owners have fewer rows than were counted; ``found`` says how many of each were read.

        What others may just be adding or taking away is looked at once more, in one statement.
        """
        if self.seals is None or not self.seals.asks_for(row_count.name):
            return
        for some in _pieces([str(owner) for owner in found]):
            kept = {row.owner: row for row in self._all(RowCountRow, _KEPT, name=of.name, owners=some)}
            for owner, there in found.items():
                if str(owner) in some and self._fewer(of, owner, kept.get(str(owner)), there) is not None:
                    again = self.missing_of(of, owner)
                    if again is not None:
                        yield again

    def missing_of(self, of: CountedRows, owner: object, held: int | None = None) -> Fewer | None:
        """Return what is missing of the rows of one owner, by one statement; None where nothing is.

        ``held``: as many as were read and hold, where others wrote rows beside them, which take no place of one.
        """
        if self.seals is None or not self.seals.asks_for(row_count.name):
            return None
        gone, statement = None, sa.select(*beside(of, owner))
        for _ in range(2):  # on PostgreSQL the seal may have been taken back since, as others counted further
            gone = self.missing_by(of, owner, self._connection.execute(statement).one(), held)
            if gone is None:
                return None
        return gone

    def demand(
        self,
        of: CountedRows,
        owner: object,
        case_id: int | None = None,
        place: str | None = None,
        held: int | None = None,
    ) -> None:
        """Raise RowsMissing in a unit of work that writes where rows of an owner are missing.

        ``case_id`` is for what they are asked, ``place`` where it is told that there is none.
        """
        gone = self.missing_of(of, owner, held) if self.told is None else None
        if gone is not None:
            raise RowsMissing(gone, case_id, place)

    def missing_by(
        self, of: CountedRows, owner: object, columns: Sequence[Any], held: int | None = None
    ) -> Fewer | None:
        """Return the same by the values of the columns `beside`."""
        there, amount, seal = columns
        number, more = there if held is None else held, pending(self.counted, of.name, owner)
        return fewer(self.seals, of, owner, (amount, seal), lambda: number, more)

    def _fewer(self, of: CountedRows, owner: object, row: RowCountRow | None, there: int) -> Fewer | None:
        kept = None if row is None else (row.amount, row.seal)
        return fewer(self.seals, of, owner, kept, lambda: there, pending(self.counted, of.name, owner))

    def settle(self, counted: Sequence[Counting]) -> None:
        """Count what a unit of work wrote, at its end and in one order, so that nobody waits for another in a ring.

        A count that others wrote, or that was deleted, stays as it is. Before rows of before are counted nothing is.
        """
        more = Counter[tuple[str, str]]()
        for name, owner, number in counted:
            more[name, owner] += number
        keys = sorted(key for key, number in more.items() if number)
        asked = self.seals is not None and self.seals.asks_for(row_count.name)
        if self.seals is None or not keys or not (asked or self.seals.first_sealed_at() is not None):
            return
        there = self._locked(keys)
        new = [key for key in keys if key not in there and asked and not self.seals.is_withdrawn(begun(*key))]
        began = self._begin({key: more[key] for key in new if more[key] > 0})
        there |= self._locked([key for key in new if more[key] > 0 and key not in began])
        for key in keys:
            row = there.get(key)
            if row is not None and not COUNTS.lacks(self.seals, row):
                self._put_amount(row, max(row.amount + more[key], 0))

    def lacking(self, of: CountedRows) -> list[Fewer]:
        """Return all owners of whom a row is missing; others may have counted further since this unit of work began."""
        if self.seals is None:
            return []
        there, found = self._there(of), list[Fewer]()
        kept = {row.owner: row for row in self._all(RowCountRow, _EVERY, name=of.name)}
        noted = {owner for name, owner in begun_of(self.seals.taken_back()) if name == of.name}
        for owner in sorted({*kept, *noted}):
            one = self._fewer(of, owner, kept.get(owner), there.get(owner, 0))
            if one is not None:
                found.append(one)
        return found

    def recount(self, of: CountedRows, *, fewer_too: bool = True) -> list[str]:
        """Count the rows of every owner as they stand now; returns whose count was another, or none of this installation.

        Without ``fewer_too`` a count that says more than is there stays.
        """
        if self.seals is None:
            return []
        kept = {row.owner: row for row in self._all(RowCountRow, _EVERY.with_for_update(), name=of.name)}
        there = self._there(of)  # after the counts were locked: who adds or takes away a row waits for them
        noted = {owner for name, owner in begun_of(self.seals.taken_back()) if name == of.name}
        wrong = list[str]()
        for owner in sorted({*there, *kept, *noted}):
            row, amount = kept.get(owner), there.get(owner, 0)
            if row is None:
                self._begin({(of.name, owner): amount})
            elif COUNTS.lacks(self.seals, row) or row.amount < amount or (fewer_too and row.amount > amount):
                self._put_amount(row, amount)
            else:
                continue
            wrong.append(owner)
        return wrong

    def renew_taken_back(self) -> int:
        """Seal anew the counts of a backup, and count whom it did not count yet; returns how many there were."""
        if self.seals is None:
            return 0
        number = 0
        for of in COUNTED.values():
            noted = {owner for name, owner in begun_of(self.seals.taken_back()) if name == of.name}
            for row in self._all(RowCountRow, _EVERY, name=of.name):
                noted.discard(row.owner)
                if COUNTS.lacks(self.seals, row) and COUNTS.was_made(self.seals, row):
                    self._put_amount(row, row.amount)
                    number += 1
            there = self._there(of) if noted else {}
            self._begin({(of.name, owner): there.get(owner, 0) for owner in noted})
            number += len(noted)
        return number

    def _there(self, of: CountedRows) -> dict[str, int]:
        column = of.table.c[of.column]
        number = sa.func.count(sa.distinct(of.table.c[of.told_by]))
        found = self._connection.execute(sa.select(column, number).where(column.is_not(None)).group_by(column))
        return {str(owner): int(amount) for owner, amount in found}

    def _locked(self, keys: Collection[tuple[str, str]]) -> dict[tuple[str, str], RowCountRow]:
        there = dict[tuple[str, str], RowCountRow]()
        for some in _pieces(sorted(keys)):
            there |= {(row.counted, row.owner): row for row in self._all(RowCountRow, _LOCKED, keys=some)}
        return there

    def _begin(self, amounts: Mapping[tuple[str, str], int]) -> set[tuple[str, str]]:
        """Begin to count some owners, of whom nothing was counted; returns whom no other unit of work began first."""
        began = set[tuple[str, str]]()
        new = self._upsert(row_count).on_conflict_do_nothing(index_elements=["counted", "owner"])
        for some in _pieces(sorted(amounts.items())):
            rows = [
                COUNTS.sealed(self.seals, RowCountRow(counted=name, owner=owner, amount=amount))
                for (name, owner), amount in some
            ]
            statement = new.values([values_of(row) for row in rows]).returning(row_count.c.counted, row_count.c.owner)
            began |= {(str(name), str(owner)) for name, owner in self._connection.execute(statement)}
        self.later += [begun(*key) for key in sorted(began)]
        return began

    def _put_amount(self, row: RowCountRow, amount: int) -> None:
        changes = COUNTS.renewed(self.seals, row, {"amount": amount})
        self._change(_CHANGED, at_name=row.counted, at_owner=row.owner, **changes)
        self.later.append(mark_of(row.seal))
