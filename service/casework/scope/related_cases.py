"""Facts of a case and of its parent, children and siblings, as expressions read them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any

from service.casework.subjects.case_subjects import joint_name
from service.catalog import Package
from service.sdk import ChildView
from service.store import Transaction
from service.store.models import CaseRow


def case_facts(case: CaseRow) -> dict[str, Any]:
    """Return the facts of ``case`` as expressions see them under ``case`` (or its process's name in a child)."""
    return {
        **case.facts,
        "id": case.id,
        "number": case.number,
        "title": case.title,
        "process": case.process,
        "status": case.status,
        "outcome": case.outcome,
        "started_at": case.started_at.isoformat(),
    }


def public_kinds(package: Package) -> tuple[str, ...]:
    """Return the kinds of cases the public may start: objections."""
    return tuple(kind.key for kind in package.award.processes.values() if kind.public)


def holding_kinds(package: Package) -> tuple[str, ...]:
    """Return the kinds of cases that hold the case above while they are live: objections, and what the award says of."""
    return tuple(kind.key for kind in package.award.processes.values() if kind.holding)


def case_views(
    tx: Transaction,
    rows: Sequence[CaseRow],
    objecting: Sequence[str] = (),
    holding: Sequence[str] = (),
) -> list[ChildView]:
    """Return cases as children; where kinds ``objecting`` are named, each with its cases of them.

    How many are open counts those of the kinds ``holding``, objections among them.
    """
    below = tx.cases.below_each([r.id for r in rows], holding) if objecting and rows else []
    waiting = Counter(each.parent_id for each in below if each.status != "ended")
    lodged: dict[int | None, list[dict[str, Any]]] = defaultdict(list)
    for each in below:
        if each.process not in objecting:
            continue
        lodged[each.parent_id].append({**each.facts, "id": each.id, "status": each.status, "outcome": each.outcome})
    bodies = tx.people.bodies_by_id([r.subject_id for r in rows if r.subject_id is not None])
    return [
        ChildView(
            r.id,
            r.process,
            r.title,
            r.number,
            r.status,
            r.outcome,
            {}
            if r.subject_id is None
            else {
                "id": r.subject_id,
                "name": joint_name(bodies[r.subject_id].name, r.facts),
                "key": bodies[r.subject_id].key,
            },
            {**r.facts, "open_objections": waiting[r.id], "objection_cases": lodged[r.id]} if objecting else r.facts,
        )
        for r in rows
    ]


def child_facts(child: ChildView) -> dict[str, Any]:
    """Return a child as barriers and lists see it: its facts and id, process, title, number, status, outcome, subject."""
    return {
        **child.facts,
        "id": child.id,
        "process": child.process,
        "title": child.title,
        "number": child.number,
        "status": child.status,
        "outcome": child.outcome,
        "subject": dict(child.subject),
    }
