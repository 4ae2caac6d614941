"""Targets of public objections: a round, the applications that a public notice has named, and announced winners."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from service.casework.reading.contestable_notices import contestable
from service.casework.subjects.case_subjects import joint_name
from service.casework.subjects.register_facts import applications_awarded
from service.catalog import Package, ProcessInfo
from service.domain.errors import NotAllowed
from service.domain.text import Text
from service.store import Transaction
from service.store.models import CaseRow, NoticeRow


def demand_target(
    tx: Transaction, package: Package, info: ProcessInfo, parent: CaseRow, notice: NoticeRow | None
) -> None:
    """Raise NotAllowed unless the public may lodge a case of ``info`` below ``parent``.

    An application must have been named in public: before that, applicants are confidential. One that won may be
    objected to while its announcement stands for objections.
    """
    fits = parent.process == info.parent and (notice is None or _belongs(notice, parent))
    if not fits or parent.id not in {case.id for case in targets_at(tx, info, place_of(package, parent))}:
        raise NotAllowed(
            Text(
                "不能对这个对象提出异议：它没有公示，或者与所选的公示无关。请从公示页面进入。",
                "No objection can be lodged there: it was not made public or belongs to another notice. Start from the notice.",
            )
        )


def place_of(package: Package, case: CaseRow) -> int:
    """Return the topmost case of which ``case`` is part: itself, or the round it is below."""
    above = package.award.processes[case.process].parent
    return case.parent_id if above and case.parent_id is not None else case.id


def targets_at(tx: Transaction, info: ProcessInfo, place: int) -> list[CaseRow]:
    """Return the cases at ``place`` (a round) below which ``info`` may be lodged, by title."""
    root = tx.cases.get(place)
    if info.parent == root.process:
        return [root] if root.status != "ended" else []
    notices, below = tx.notices.of_case(place), tx.cases.children(place, info.parent)
    live = [c for c in below if c.status != "ended"]
    posted = tx.notices.made_public([c.id for c in live])
    found = [c for c in _named_ones(tx, live, _named(notices)) if c.id not in posted]
    return sorted(
        [*found, *(c for c in live if c.id in posted), *_winners(tx, root, below, notices)], key=lambda c: c.title
    )


def _winners(tx: Transaction, root: CaseRow, below: Sequence[CaseRow], notices: Iterable[NoticeRow]) -> list[CaseRow]:
    """Return the applications that ended with an award and stand in a notice that now asks for objections to it."""
    named = _named(n for n in notices if n.state == "running" and contestable(n))
    ended = [c for c in below if c.status == "ended"]
    if not named or not ended:
        return []
    won = applications_awarded(tx, root)
    return _named_ones(tx, [c for c in ended if c.id in won], named)


def _named_ones(tx: Transaction, cases: Sequence[CaseRow], named: set[str]) -> list[CaseRow]:
    bodies = tx.people.bodies_by_id([c.subject_id for c in cases if c.subject_id is not None])
    return [
        c
        for c in cases
        if {c.title, joint_name(bodies[c.subject_id].name, c.facts) if c.subject_id in bodies else c.title} & named
    ]


def _belongs(notice: NoticeRow, parent: CaseRow) -> bool:
    return notice.audience == "public" and notice.case_id in (parent.id, parent.parent_id)


def _named(notices: Iterable[NoticeRow]) -> set[str]:
    entries = [e for n in notices if n.audience == "public" for e in (n.content or {}).get("entries", [])]
    return {str(value) for entry in entries if isinstance(entry, dict) for value in entry.values()}
