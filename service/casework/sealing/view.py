"""Sealed seasons as people see them: those of a round for its office, public ones for everybody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import BinaryIO

from service.casework.access.actor import SYSTEM, Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.records.signed_heads import own_keys
from service.casework.sealing.seal import demand_office
from service.casework.soundness.season_bundles import demand_own_bundle, signing_key
from service.domain.errors import NotFound
from service.domain.text import Text
from service.store.rows import CaseRow, SealedSeasonRow

PAGE = 30


@dataclass(frozen=True, slots=True)
class RoundSeasons:
    """The bundles of a round, the newest first; ``ended`` says whether it can be sealed."""

    round: CaseRow
    ended: bool
    seasons: tuple[SealedSeasonRow, ...]


@dataclass(frozen=True, slots=True)
class PublicSeasons:
    """A page of public bundles, the newest first; ``before`` continues them."""

    seasons: tuple[SealedSeasonRow, ...]
    before: int | None


@guarded("season.seal")
def view_seasons(desk: Desk, actor: Actor, round_id: int) -> RoundSeasons:
    """Return the bundles of a round of the actor's office; raises NotFound, NotAllowed."""
    with desk.store.read() as tx:
        root = tx.cases.get(round_id)
        demand_office(actor, root, tuple(tx.cases.tree(root.id)) if actor.recused else (root,))
        if root.parent_id is not None:
            raise NotFound(Text("这不是一届评选。", "This is no round."))
        return RoundSeasons(root, root.status == "ended", _with_own_key(desk, tx.sealed_seasons.of_round(round_id)))


@guarded("season.read")
def public_seasons(
    desk: Desk, actor: Actor, jurisdiction: str | None = None, before: int | None = None
) -> PublicSeasons:
    """Return the public bundles of a jurisdiction, or of all."""
    del actor  # anybody; the guard has said so
    with desk.store.read() as tx:
        rows = tx.sealed_seasons.public(jurisdiction, PAGE + 1, before)
    shown = _with_own_key(desk, rows[:PAGE])
    return PublicSeasons(shown, shown[-1].id if len(rows) > PAGE else None)


@guarded("season.read")
def open_season(desk: Desk, actor: Actor, ident: int) -> tuple[SealedSeasonRow, BinaryIO]:
    """Return a bundle and its bytes; one that is not public only for its office.

    Raises:
        NotFound: there is none, or it is not public and the actor is not of its office.
        NotAllowed: it is not public, and the actor is recused from a case of its round.
    """
    with desk.store.read() as tx:
        row = tx.sealed_seasons.get(ident)
        own = actor is SYSTEM or actor.in_office(row.jurisdiction)
        if row.published_at is None and not own:
            raise NotFound(
                Text("没有这份封存，或者它还没有公布。", "There is no such bundle, or it is not public yet.")
            )
        if row.published_at is None:
            root = tx.cases.get(row.case_id)
            demand_office(actor, root, tuple(tx.cases.tree(root.id)) if actor.recused else (root,))
        demand_own_bundle(desk, tx, row)
    (row,) = _with_own_key(desk, (row,))
    return row, desk.store.files.open(row.sha256)


def _with_own_key(desk: Desk, rows: Sequence[SealedSeasonRow]) -> tuple[SealedSeasonRow, ...]:
    """Return rows with a key of the folder of keys, which whoever has the database alone cannot change.

    It is the one they name, where the setting named another algorithm when they were sealed.
    """
    keys, now = own_keys(desk), signing_key(desk)
    return tuple(row if row.key in keys else replace(row, key=now) for row in rows)
