"""The score tables of a round: every sheet that counted, and what each stage came to."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from service.casework.scope.score_sheets import sheet_of
from service.casework.sealing.round_read import RoundRead
from service.store.rows import CaseRow, SheetRow, StageScoreRow


def scores_part(read: RoundRead) -> dict[str, Any]:
    """Return the results of all stages with the sheets that they were made of, and the editions' items with their points.

    Where the city does not let points by item be told, a sheet is its total alone, in order of the totals, without the
    number of the expert; where it does, the percentages by item stand there with it. Words of experts never do.
    """
    editions: dict[str, dict[str, str]] = {}
    results = [_stage(read, case, row, editions) for case in read.cases for row in read.tx.panels.results([case.id])]
    return {"sheets": "items" if read.items_told else "totals", "editions": editions, "results": results}


def _stage(read: RoundRead, case: CaseRow, row: StageScoreRow, editions: dict[str, dict[str, str]]) -> dict[str, Any]:
    rows = {sheet.id: sheet for sheet in read.tx.panels.sheets([case.id], row.stage)}
    counted = [rows[ident] for ident in row.details.get("sheets") or () if ident in rows]
    agreed = rows.get(row.details.get("consensus", 0))
    experts = _experts(read, case, row.stage)
    told = [_sheet(read, case, one, experts, editions) for one in counted]
    return {
        "case": case.id,
        "stage": row.stage,
        "how": row.how,
        "points": row.points,
        "full": row.details.get("full"),
        "complete": len(counted) == len(row.details.get("sheets") or ()) and bool(counted or agreed),
        "sheets": told if read.items_told else sorted(told, key=lambda one: Fraction(one["points"])),
        "consensus": None if agreed is None else _sheet(read, case, agreed, {}, editions),
    }


def _experts(read: RoundRead, case: CaseRow, stage: str) -> Mapping[int, int]:
    """Return the number in the register of each person who is or was on a panel of a stage."""
    panels = [panel.id for panel in read.tx.panels.of_case(case.id) if panel.stage == stage]
    return {m.person_id: m.expert_id for m in read.tx.panels.members(panels) if m.expert_id is not None}


def _sheet(
    read: RoundRead, case: CaseRow, row: SheetRow, experts: Mapping[int, int], editions: dict[str, dict[str, str]]
) -> dict[str, Any]:
    if not read.items_told:
        return {"points": row.points}
    edition = read.package_of(case).edition(row.edition)
    editions.setdefault(row.edition, {item.id: str(item.points) for item in edition.items.values()})
    items = {item: score.percent for item, score in sheet_of(edition, row).scores.items()}
    return {"points": row.points, "expert": experts.get(row.person_id), "edition": row.edition, "items": items}
