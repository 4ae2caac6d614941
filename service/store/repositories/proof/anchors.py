"""Anchors, and the heads of chains that go into them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from service.domain.proof.anchor import ChainHead
from service.store.errors import Stale
from service.store.repositories.base import among, one
from service.store.repositories.proof.entries import (
    BEFORE,
    ChainEntry,
    EntryReading,
    entries_of,
    entry_columns,
    split_chain,
)
from service.store.rows import AnchorRow, AnchorStampRow, SettingRow
from service.store.rows.acts import act, act_head
from service.store.rows.anchors import anchor, anchor_stamp
from service.store.rows.cases import case
from service.store.rows.drafts import package_event
from service.store.rows.history import audit
from service.store.rows.packages import setting
from service.store.seals.choice_seals import SETTINGS
from service.store.seals.entry_macs import BOOK, CASE, PACKAGE, SETTING

_IN_FLIGHT = 2_000
"""Events whose numbers were given out earlier may be committed later: as many are looked at again."""

_ADDED = 1_000
"""So many entries of others at the end of a chain are passed over: behind more of them the chain is not anchored."""

_LAST = sa.select(anchor).order_by(anchor.c.seq.desc()).limit(1)
_NEWEST_OF = sa.select(anchor).order_by(anchor.c.seq.desc()).limit(sa.bindparam("most", type_=sa.Integer))
_STAMPS = sa.select(anchor_stamp).where(among(anchor_stamp.c.digest, "digests"))
_NEWEST_STAMPS = (
    sa.select(anchor_stamp).order_by(anchor_stamp.c.id.desc()).limit(sa.bindparam("most", type_=sa.Integer))
)
_NEWEST = sa.select(sa.func.coalesce(sa.func.max(audit.c.id), 0))
_MOVED = (
    sa.select(case.c.id, case.c.audit_seq, audit.c.at, case.c.audit_hash, audit.c.mac)
    .select_from(case.outerjoin(audit, sa.and_(audit.c.case_id == case.c.id, audit.c.seq == case.c.audit_seq)))
    .where(case.c.id.in_(sa.select(audit.c.case_id).where(audit.c.id > sa.bindparam("after"))))
    .order_by(case.c.id)
)
_HASHES = sa.select(audit.c.case_id, audit.c.seq, audit.c.hash).where(
    among(audit.c.case_id, "cases"), among(audit.c.seq, "seqs")
)


def _heads_of(table: sa.Table, name: sa.Column[str]) -> sa.Select[*tuple[Any, ...]]:
    newest = sa.select(sa.func.max(table.c.id)).group_by(name)
    return sa.select(*entry_columns(table, name)).where(table.c.id.in_(newest)).order_by(name)


def _one_of(table: sa.Table, name: sa.Column[Any]) -> sa.Select[*tuple[Any, ...]]:
    return sa.select(table.c.hash).where(name == sa.bindparam("chain"), table.c.seq == sa.bindparam("seq"))


_OTHERS = {
    BOOK: sa.select(act_head.c.chain, act_head.c.seq, act.c.at, act_head.c.hash, act.c.mac)
    .select_from(act_head.outerjoin(act, sa.and_(act.c.chain == act_head.c.chain, act.c.seq == act_head.c.seq)))
    .order_by(act_head.c.chain),
    PACKAGE: _heads_of(package_event, package_event.c.package),
}
"""The heads of the chains that are none of a case, by how their names begin; those of settings have seals instead of MACs."""

_SETTINGS = (
    sa.select(setting)
    .where(setting.c.id.in_(sa.select(sa.func.max(setting.c.id)).group_by(setting.c.package)))
    .order_by(setting.c.package)
)
_SETTINGS_BEFORE = one(setting, "package").order_by(setting.c.seq.desc())

_ONE = {
    BOOK: _one_of(act, act.c.chain),
    PACKAGE: _one_of(package_event, package_event.c.package),
    SETTING: _one_of(setting, setting.c.package),
}


class AnchorRepository(EntryReading):
    """Anchors."""

    def insert(self, row: AnchorRow) -> None:
        """Keep an anchor; raises Stale where another process kept one of the same number."""
        self._put_new(anchor, row, "seq")

    def _put_new(self, table: sa.Table, row: object, key: str) -> None:
        if not self._insert_new(table, [row], key):
            raise Stale

    def last(self) -> AnchorRow | None:
        """Return the newest anchor."""
        return self._first(AnchorRow, _LAST)

    def newest(self, limit: int) -> list[AnchorRow]:
        """Return the newest anchors, the newest first."""
        return self._all(AnchorRow, _NEWEST_OF, most=limit)

    def whole(self) -> list[AnchorRow]:
        """Return every anchor, in their order."""
        return self._all(AnchorRow, sa.select(anchor).order_by(anchor.c.seq))

    def put_stamp(self, row: AnchorStampRow) -> None:
        """Keep a timestamp over an anchor; raises Stale where another process kept one over the same."""
        self._put_new(anchor_stamp, row, "digest")

    def stamps(self, digests: Sequence[str]) -> dict[str, AnchorStampRow]:
        """Return the timestamps over those of the anchors of ``digests`` that have one."""
        return {row.digest: row for row in self._all(AnchorStampRow, _STAMPS, digests=list(digests))}

    def newest_stamps(self, limit: int) -> list[AnchorStampRow]:
        """Return the timestamps that were kept last, the newest first."""
        return self._all(AnchorStampRow, _NEWEST_STAMPS, most=limit)

    def whole_stamps(self) -> list[AnchorStampRow]:
        """Return every timestamp, in the order in which they were kept."""
        return self._all(AnchorStampRow, sa.select(anchor_stamp).order_by(anchor_stamp.c.id))

    def newest_event(self) -> int:
        """Return the number of the newest event of all cases."""
        return int(self._scalar(_NEWEST))

    def moved_since(self, event: int) -> list[ChainHead]:
        """Return the heads of the cases that have events after number ``event``, and of all other chains.

        Where others added what stands at the end of a chain, its newest entry of this program is returned.
        """
        heads = [self._own_end(entry) for entry in self._ends(event)] + [*map(self._own_setting, self._settings())]
        return [head for head in heads if head is not None]

    def foreign_since(self, event: int) -> list[ChainEntry]:
        """Return what others added at the end of these chains, settings left out."""
        return [entry for entry in self._ends(event) if not self._is_own(entry)]

    def _ends(self, event: int) -> list[ChainEntry]:
        found = entries_of(CASE, self._read(_MOVED, {"after": max(0, event - _IN_FLIGHT)}))
        return found + [one for prefix, ends in _OTHERS.items() for one in entries_of(prefix, self._read(ends, {}))]

    def _own_end(self, entry: ChainEntry) -> ChainHead | None:
        if self._is_own(entry):
            return ChainHead(entry.chain, entry.seq, entry.hash)
        prefix, name = split_chain(entry.chain)
        before = entries_of(prefix, self._read(BEFORE[prefix], {"chain": name, "below": entry.seq, "most": _ADDED}))
        own = next((each for each in before if self._is_own(each)), None)
        return None if own is None else ChainHead(own.chain, own.seq, own.hash)

    def _settings(self) -> list[SettingRow]:
        return self._all(SettingRow, _SETTINGS)

    def _own_setting(self, row: SettingRow) -> ChainHead | None:
        """Return the newest change of the settings of a package that has a seal."""
        rows = (
            [row]
            if SETTINGS.rows.counts(self.seals, row)
            else self._all(SettingRow, _SETTINGS_BEFORE, package=row.package)
        )
        own = next((each for each in rows if SETTINGS.rows.counts(self.seals, each)), None)
        return None if own is None else ChainHead(f"{SETTING}{own.package}", own.seq, own.hash)

    def not_found(self, heads: Sequence[ChainHead]) -> list[ChainHead]:
        """Return those of ``heads`` whose record is not there any more, or has another hash."""
        wanted = {int(h.chain.removeprefix(CASE)): h for h in heads if h.chain.startswith(CASE)}
        given = {"cases": list(wanted), "seqs": [*{h.seq for h in wanted.values()}]}
        rows = self._read(_HASHES, given) if wanted else []
        there = {(ident, seq): hashed for ident, seq, hashed in rows}
        lost = [head for ident, head in wanted.items() if there.get((ident, head.seq)) != head.hash]
        for head in (h for h in heads if not h.chain.startswith(CASE)):
            prefix = next((prefix for prefix in _ONE if head.chain.startswith(prefix)), BOOK)
            if self._scalar(_ONE[prefix], chain=head.chain.removeprefix(prefix), seq=head.seq) != head.hash:
                lost.append(head)
        return lost
