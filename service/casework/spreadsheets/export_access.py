"""Access to a round: its figures for who oversees or leads, its exports for overseers alone, and these are recorded."""

from __future__ import annotations

from service.casework.access.actor import Actor
from service.casework.desk.desk import Desk
from service.casework.reading.published import published, select_round_places
from service.casework.step.history import append_case_event
from service.catalog import Package, ProcessInfo
from service.catalog.applications import application_below
from service.domain.errors import NotAllowed, NotFound
from service.domain.text import Text
from service.store import Transaction
from service.store.models import CaseRow


class NoRound(NotFound):
    """A case below which nobody applies: it has no applicants, no scores and no board."""

    code = "no_round"


def applied_below(package: Package, case: CaseRow) -> ProcessInfo:
    """Return the kind of case by which organisations apply below ``case``; raises NoRound."""
    info = application_below(package, case.process)
    if info is None:
        raise NoRound(
            Text(
                f"“{case.title}”不是接受申报的届次，没有申报名单、评分和进展看板。",
                f"“{case.title}” is no round to which anybody applies: it has no applicants, scores or board.",
            )
        )
    return info


def round_overseen(desk: Desk, tx: Transaction, actor: Actor, round_id: int, what: Text) -> tuple[CaseRow, Package]:
    """Return a round with its package; raises NotFound, NotAllowed when the actor may not export ``what`` of it."""
    case = tx.cases.get(round_id)
    if not actor.oversees(case.jurisdiction):
        raise _not_theirs(what)
    return case, desk.packages.get(case.definition, tx)


def round_seen(desk: Desk, tx: Transaction, actor: Actor, round_id: int, what: Text) -> tuple[CaseRow, Package]:
    """Return a round with its package to who oversees or leads its place; raises NotFound, NotAllowed for all others."""
    case = tx.cases.get(round_id)
    if not (actor.oversees(case.jurisdiction) or case.jurisdiction in select_round_places(actor, published(desk, tx))):
        raise _not_theirs(what)
    return case, desk.packages.get(case.definition, tx)


def _not_theirs(what: Text) -> NotAllowed:
    return NotAllowed(Text(f"您不能查看这一届的{what.zh}。", f"The {what.en} of this round are not yours to look at."))


def note_export(desk: Desk, tx: Transaction, actor: Actor, round_id: int, what: Text, lines: int) -> None:
    """Record in the round's history an export of so many lines."""
    append_case_event(desk, tx, round_id, actor, "export", f"导出{what.zh}，{lines}行")
