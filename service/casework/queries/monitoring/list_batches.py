"""Everything that goes on over many cases, newest first, each with how far it is: interventions and moves alike, in pages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from heapq import merge
from itertools import islice

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.interventions.batch import WAITING
from service.casework.interventions.kinds import title_of
from service.casework.reading.published import published, select_administered_places
from service.domain.text import Text
from service.store import Transaction
from service.store.models import InterventionBatchRow, MoveBatchRow

MOST = 40
"""Batches on a page, of both kinds together."""

_BEYOND = 2**62
"""Above every number of a row."""

INTERVENTION, MOVE = "intervention", "move"


@dataclass(frozen=True, slots=True)
class BatchLine:
    """How far one batch is: ``kind`` is "intervention" or "move", ``state`` running, done or stopped.

    ``award`` ("place/award") is that of a move; ``done`` of ``total`` cases have a result.
    """

    kind: str
    id: int
    title: Text
    award: str
    author: str
    reason: str
    dry: bool
    state: str
    total: int
    done: int
    begun_at: datetime


@dataclass(frozen=True, slots=True)
class BatchPage:
    """A page of batches, those that run first; ``before`` continues it, by the numbers of an intervention and of a move."""

    lines: tuple[BatchLine, ...]
    before: tuple[int, int] | None


@guarded("case.intervene")
def list_batches(desk: Desk, actor: Actor, before: tuple[int, int] | None = None) -> BatchPage:
    """Return the interventions over many cases that the actor began, and the moves of all cases of their places."""
    below = before or (_BEYOND, _BEYOND)
    with desk.store.read() as tx:
        publications = published(desk, tx)
        mine = select_administered_places(actor, publications.jurisdictions())
        awards = [package.key for package in publications.packages if package.jurisdiction.id in mine]
        interventions = tx.interventions.select("-id", person_id=actor.person_id or 0, limit=MOST + 1, after=below[0])
        moves = tx.move_batches.select("-id", after=below[1], limit=MOST + 1, package=awards) if awards else []
        chosen = _newest(interventions, moves)
        begun, moved = [row for row in interventions if row in chosen], [row for row in moves if row in chosen]
        names = tx.people.named({row.person_id for row in chosen})
        lines = [*_iterate_interventions(tx, begun, names), *_iterate_moves(tx, moved, names)]
    more = len(chosen) < len(interventions) + len(moves)
    last = min([below[0], *(row.id for row in begun)]), min([below[1], *(row.id for row in moved)])
    ordered = sorted(lines, key=lambda line: (line.state != "running", -line.begun_at.timestamp(), -line.id))
    return BatchPage(tuple(ordered), last if more else None)


def _newest(
    interventions: Sequence[InterventionBatchRow], moves: Sequence[MoveBatchRow]
) -> Sequence[InterventionBatchRow | MoveBatchRow]:
    """Return one page of both kinds, each in the order of its numbers, even where a clock was set back meanwhile."""
    both: tuple[Sequence[InterventionBatchRow | MoveBatchRow], ...] = (interventions, moves)
    return list(islice(merge(*both, key=_get_start, reverse=True), MOST))


def _get_start(row: InterventionBatchRow | MoveBatchRow) -> datetime:
    return row.at if isinstance(row, InterventionBatchRow) else row.begun_at


def _iterate_interventions(
    tx: Transaction, rows: list[InterventionBatchRow], names: dict[int, str]
) -> Iterator[BatchLine]:
    for row in rows:
        counts = tx.intervention_results.count_by("state", batch_id=row.id)
        total, waiting = sum(counts.values()), counts.get(WAITING, 0)
        yield BatchLine(
            INTERVENTION, row.id, title_of(row.kind), "", names.get(row.person_id, ""), row.reason, row.dry,
            "running" if waiting else "done", total, total - waiting, row.at,
        )  # fmt: skip


def _iterate_moves(tx: Transaction, rows: list[MoveBatchRow], names: dict[int, str]) -> Iterator[BatchLine]:
    for row in rows:
        title = Text("迁移到另一版本", "Move to another version")
        done = sum(tx.moves.count_by("verdict", batch_id=row.id).values())
        yield BatchLine(
            MOVE, row.id, title, row.package, names.get(row.person_id, ""), row.reason, row.dry,
            row.state, max(row.total, done), done, row.begun_at,
        )  # fmt: skip
