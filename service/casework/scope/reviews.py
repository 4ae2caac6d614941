"""The names ``reviews`` and ``experts`` of the record scope: results, panels and choices of expert review."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median_low
from typing import Any

from service.casework.scope.score_sheets import valid_sheets
from service.casework.subjects.case_subjects import subjects_of_panel
from service.catalog import Package
from service.domain.review import field_of, shown
from service.store import Transaction
from service.store.models import CaseRow, PanelMemberRow, PanelRow, SheetRow, StageScoreRow


def reviews_of(tx: Transaction, package: Package, case: CaseRow) -> dict[str, Any]:
    """Return every stage of a case by name: points, members, conflicts to decide, and the draft of a consensus.

    A stage holds ``group`` (where one panel serves several applications), ``points`` (number or null) and the ``full``
    marks, ``how``, ``divergent``, ``categories``, ``members`` (name, leader, state), ``applicants`` (id, name) and
    ``consensus``, the first values of the leader's sheet.
    """
    panels = tx.panels.of_case(case.id)
    members = tx.panels.members([p.id for p in panels])
    names = tx.people.named({m.person_id for m in members})
    results = {r.stage: r for r in tx.panels.results([case.id])}
    return {
        p.stage: _stage(tx, package, case, p, [m for m in members if m.panel_id == p.id], names, results.get(p.stage))
        for p in panels
    }


def choice_of_experts(tx: Transaction, jurisdiction: str) -> list[dict[str, str]]:
    """Return every expert who is not barred, as options of a form: value is the person's row number."""
    rows = [row for row in tx.experts.pool(jurisdiction) if row.status == "active"]
    names = tx.people.named([row.person_id for row in rows])
    return [
        {
            "label": f"{names[row.person_id]}（{row.employer}；{'、'.join(row.sectors) or '综合'}）",
            "value": str(row.person_id),
        }
        for row in rows
    ]


def _stage(
    tx: Transaction,
    package: Package,
    case: CaseRow,
    panel: PanelRow,
    members: Sequence[PanelMemberRow],
    names: dict[int, str],
    result: StageScoreRow | None,
) -> dict[str, Any]:
    bodies = tx.people.bodies_by_id(subjects_of_panel(tx, panel.id))
    rows = valid_sheets(tx, case.id, panel.stage)
    return {
        "stage": panel.stage,
        "panel": panel.id,
        "group": panel.settings.get("group"),
        "points": float(shown(result.points)) if result else None,
        "full": float(shown(result.details["full"])) if result and "full" in result.details else None,
        "how": result.how if result else None,
        "divergent": result.details.get("divergent", []) if result else [],
        "categories": {k: float(shown(v)) for k, v in (result.details.get("categories", {}) if result else {}).items()},
        "members": [
            {
                "person": m.person_id,
                "name": names.get(m.person_id, ""),
                "leader": m.person_id == panel.leader_id,
                "state": m.state,
            }
            for m in members
        ],
        "applicants": [{"label": b.name, "value": str(b.id)} for b in bodies.values()],
        "ties": panel.settings.get("ties", []),
        "consensus": _consensus(package, rows, names, int((result.details if result else {}).get("divergence", 100))),
    }


def _consensus(package: Package, rows: Sequence[SheetRow], names: dict[int, str], limit: int) -> dict[str, Any]:
    """Return the first values of a consensus sheet: the points of each, their median, all comments together."""
    if not rows:
        return {}
    edition = package.edition(rows[0].edition)
    return {field_of(item): _item(rows, names, item, limit) for item in edition.items}


def _item(rows: Sequence[SheetRow], names: dict[int, str], item: str, limit: int) -> dict[str, Any]:
    scores = [(names.get(row.person_id, ""), row.scores.get(item) or {}) for row in rows]
    given = [int(s["percent"]) for _, s in scores if s.get("percent") is not None]
    return {
        "given": "；".join(f"{name} {s.get('percent')}%" for name, s in scores if s.get("percent") is not None),
        "percent": str(median_low(given)) if given else None,
        "strengths": _joined([s.get("strengths") for _, s in scores]),
        "improvements": _joined([s.get("improvements") for _, s in scores]),
        "divergent": bool(given) and max(given) - min(given) > limit,
    }


def _joined(words: Sequence[object]) -> str | None:
    found = dict.fromkeys(str(w).strip() for w in words if w and str(w).strip())
    return "\n".join(found)[:2000] or None
