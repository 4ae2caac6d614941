"""The log of events as a whole: the ends of its chains, what it holds of decisive rows, and these rows as they stand."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from service.domain.audit.head import ChainHead
from service.domain.proof.algorithms import algorithm_of
from service.domain.proof.same_text import is_same_text
from service.store.decisive import BESIDE_CASES, DECISIVE, every_row, is_unclaimed, rows_of_cases
from service.store.repositories.base import Repository, among
from service.store.rights import MAY_REWRITE
from service.store.row_log import MAC, ORDER, RECORDS, ROWS, mac_of, name_row
from service.store.rows.acts import act, act_head
from service.store.rows.cases import case
from service.store.rows.columns import metadata
from service.store.rows.drafts import package_event
from service.store.rows.history import audit

CASE, BOOK, PACKAGE = "case ", "book ", "package "
"""How the names of chains begin."""

_IN_FLIGHT = 2_000
"""Events whose numbers were given out earlier may be committed later: as many are looked at again."""

_AT_ONCE = 500
_COLUMNS = sa.select(audit.c.case_id, audit.c.seq, audit.c.at, audit.c.actor, audit.c.data, audit.c.salts)
_WITH_ROWS = _COLUMNS.where(sa.cast(audit.c.data, sa.Text).contains(f'"{RECORDS}":'))
_EVENTS = _WITH_ROWS.order_by(audit.c.id)
_OF_CASES = _WITH_ROWS.where(among(audit.c.case_id, "cases"))
_BESIDE = _COLUMNS.where(audit.c.beside.is_not(None)).order_by(audit.c.id)
"""Any case may have written rows beside cases: an award of one round is a record that the next rests on."""
_ACTS = sa.select(act.c.chain, act.c.seq, act.c.at, act.c.actor, act.c.data, act.c.salts).order_by(act.c.id)
_EVERY_ACT = _ACTS.where(sa.cast(act.c.data, sa.Text).contains(f'"{RECORDS}":'))
_ACTS_WITH_ROWS = _ACTS.where(act.c.logged.is_not(None))
_BEGUN_BELOW = sa.select(audit.c.case_id).where(among(audit.c.below, "cases")).order_by(audit.c.id)
_NEWEST = sa.select(sa.func.coalesce(sa.func.max(audit.c.id), 0))
_MOVED = (
    sa.select(case.c.id, case.c.audit_seq, case.c.audit_hash)
    .where(case.c.id.in_(sa.select(audit.c.case_id).where(audit.c.id > sa.bindparam("after"))))
    .order_by(case.c.id)
)
_BOOK_ENDS = sa.select(act_head.c.chain, act_head.c.seq, act_head.c.hash).order_by(act_head.c.chain)
_PACKAGE_ENDS = (
    sa.select(package_event.c.package, package_event.c.seq, package_event.c.hash)
    .where(package_event.c.id.in_(sa.select(sa.func.max(package_event.c.id)).group_by(package_event.c.package)))
    .order_by(package_event.c.package)
)
_HASHES = sa.select(audit.c.case_id, audit.c.seq, audit.c.hash).where(
    among(audit.c.case_id, "cases"), among(audit.c.seq, "seqs")
)
_ONE = {
    BOOK: sa.select(act.c.hash).where(act.c.chain == sa.bindparam("chain"), act.c.seq == sa.bindparam("seq")),
    PACKAGE: sa.select(package_event.c.hash).where(
        package_event.c.package == sa.bindparam("chain"), package_event.c.seq == sa.bindparam("seq")
    ),
}


@dataclass(frozen=True, slots=True)
class LoggedEvent:
    """What one event holds of decisive rows: hash of each (None: removed), with the ``salts``.

    Of two that tell of one row the one with the greater ``order`` is the newer.
    """

    chain: str
    seq: int
    at: datetime
    actor: str
    rows: Mapping[str, str | None]
    salts: Mapping[str, str]
    order: int


@dataclass(frozen=True, slots=True)
class DecisiveRow:
    """A row of a decisive table as it stands: its name in events, and the values of its hashed columns."""

    table: str
    name: str
    values: tuple[object, ...]


class LogRepository(Repository):
    """Chains of cases (``case 12``), of acts (``book account``) and of packages (``package city/award``)."""

    def newest_event(self) -> int:
        """Return the number of the newest event of all cases."""
        return int(self._scalar(_NEWEST))

    def may_be_rewritten(self) -> bool:
        """Return whether the role of this connection can change or delete events; SQLite knows no roles."""
        return self._connection.dialect.name != "postgresql" or bool(self._scalar(MAY_REWRITE))

    def ends_since(self, event: int) -> list[ChainHead]:
        """Return the ends of the cases that have events after number ``event``, and of all other chains."""
        found = [ChainHead(f"{CASE}{c}", seq, end) for c, seq, end in self._read(_MOVED, {"after": event - _IN_FLIGHT})]
        found += [ChainHead(f"{BOOK}{name}", seq, end) for name, seq, end in self._read(_BOOK_ENDS, {})]
        return found + [ChainHead(f"{PACKAGE}{name}", seq, end) for name, seq, end in self._read(_PACKAGE_ENDS, {})]

    def lost_ends(self, ends: Sequence[ChainHead]) -> list[ChainHead]:
        """Return those of ``ends`` whose event is not there any more, or has another hash."""
        lost: list[ChainHead] = []
        of_cases = [end for end in ends if end.chain.startswith(CASE)]
        for start in range(0, len(of_cases), _AT_ONCE):
            some = {int(end.chain.removeprefix(CASE)): end for end in of_cases[start : start + _AT_ONCE]}
            asked = {"cases": [*some], "seqs": [*{end.seq for end in some.values()}]}
            there = {(ident, seq): found for ident, seq, found in self._read(_HASHES, asked)}
            lost += [end for ident, end in some.items() if there.get((ident, end.seq)) != end.hash]
        for end in (one for one in ends if not one.chain.startswith(CASE)):
            prefix = next((each for each in _ONE if end.chain.startswith(each)), None)
            name = {"chain": end.chain.removeprefix(prefix or ""), "seq": end.seq}
            if prefix is None or self._scalar(_ONE[prefix], **name) != end.hash:
                lost.append(end)
        return lost

    def events(self, key: bytes, case_ids: Sequence[int] | None = None) -> Iterator[LoggedEvent]:
        """Yield what the program noted with ``key`` of decisive rows: in these cases, in all acts, and of rows beside cases all.

        None: in all cases, event by event, whatever the columns say by which the gate finds them.
        """
        acts = _EVERY_ACT if case_ids is None else _ACTS_WITH_ROWS
        if case_ids is None:
            yield from _as_events(CASE, key, self._connection.execute(_EVENTS).yield_per(_AT_ONCE))
        else:
            for start in range(0, len(case_ids), _AT_ONCE):
                asked = {"cases": list(case_ids[start : start + _AT_ONCE])}
                yield from _as_events(CASE, key, self._connection.execute(_OF_CASES, asked))
            for event in _as_events(CASE, key, self._connection.execute(_BESIDE).yield_per(_AT_ONCE)):
                beside = {name: row for name, row in event.rows.items() if name.partition(":")[0] in BESIDE_CASES}
                yield replace(event, rows=beside)
        yield from _as_events(BOOK, key, self._connection.execute(acts).yield_per(_AT_ONCE))

    def rows(self, tables: Collection[str], case_ids: Sequence[int] | None = None) -> Iterator[DecisiveRow]:
        """Yield the rows of decisive tables: those of these cases (None: of all), and all of tables beside cases."""
        for table in tables:
            if case_ids is None or table in BESIDE_CASES:
                yield from self._rows(table, every_row(table), {})
                continue
            for start in range(0, len(case_ids), _AT_ONCE):
                yield from self._rows(table, rows_of_cases(table), {"cases": list(case_ids[start : start + _AT_ONCE])})

    def row(self, name: str) -> DecisiveRow | None:
        """Return the row that events name so, None where it is gone."""
        table, _, key = name.partition(":")
        if table not in DECISIVE:
            return None
        columns = [*metadata.tables[table].primary_key]
        parts = key.split("/", len(columns) - 1)
        wanted = (c == c.type.python_type(part) for c, part in zip(columns, parts, strict=True))
        return next(self._rows(table, every_row(table).where(*wanted), {}), None)

    def begun_below(self, case_ids: Sequence[int]) -> list[int]:
        """Return the cases that were begun below one of these, whatever their rows say now."""
        return [int(ident) for (ident,) in self._read(_BEGUN_BELOW, {"cases": list(case_ids)})]

    def drop_salts(self, case_ids: Collection[int], names: Collection[str]) -> None:
        """Forget the salts of these rows in all events: of the content that they had nothing can be tried out any more."""
        salted = sa.select(audit.c.id, audit.c.salts).where(
            audit.c.case_id.in_([*case_ids]), audit.c.salts.is_not(None)
        )
        for table, rows in ((audit, salted), (act, sa.select(act.c.id, act.c.salts).where(act.c.logged.is_not(None)))):
            for ident, salts in self._connection.execute(rows).all():
                if not {*names}.isdisjoint(salts):
                    left = {name: salt for name, salt in salts.items() if name not in names}
                    self._connection.execute(sa.update(table).where(table.c.id == ident).values(salts=left))

    def _rows(self, table: str, asked: sa.Select[Any], bound: Mapping[str, object]) -> Iterator[DecisiveRow]:
        width = len(metadata.tables[table].primary_key)
        for row in self._connection.execute(asked, bound).yield_per(_AT_ONCE):
            if not is_unclaimed(table, row[width:]):
                yield DecisiveRow(table, name_row(table, row[:width]), tuple(row[width:]))


def _as_events(prefix: str, key: bytes, rows: Iterable[Any]) -> Iterator[LoggedEvent]:
    for chain, seq, at, actor, data, salts in rows:
        held = data.get(RECORDS) if isinstance(data, Mapping) else None
        if not isinstance(held, Mapping) or not isinstance(held.get(ROWS), Mapping):
            continue
        order, mac = held.get(ORDER), str(held.get(MAC, ""))
        if isinstance(order, int) and is_same_text(mac, mac_of(key, held[ROWS], order, algorithm_of(mac))):
            yield LoggedEvent(f"{prefix}{chain}", seq, at, actor, held[ROWS], salts or {}, order)
