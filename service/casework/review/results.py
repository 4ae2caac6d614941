"""Results of a stage: score sheets combined, or agreed by consensus; exact until shown."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from service.casework.scope.record import sheet_of, valid_sheets
from service.casework.step.step import Step
from service.domain.errors import Invalid
from service.domain.review import (
    Divergence,
    Edition,
    Sheet,
    combine,
    count_trimmed,
    divergences,
    exact,
    shown,
)
from service.domain.text import Text
from service.sdk.review import StageResult
from service.store.models import SheetRow, StageScoreRow


def collect_scores(step: Step, stage: str, how: str, divergence: int, least: int) -> StageResult:
    """Combine the valid sheets of a case in ``stage`` and keep the result; fewer than ``least`` are not enough."""
    rows = valid_sheets(step.tx, step.case.id, stage)
    sheets = [sheet_of(step.package.edition(row.edition), row) for row in rows]
    far = divergences(sheets, divergence) if sheets else []
    enough = len(sheets) >= max(least, 1)
    if not enough:
        return StageResult("0.00", [], len(sheets), False)
    points = combine([s.total for s in sheets], "mean" if how == "consensus" else how)
    details = _build_details(sheets, rows, far, divergence)
    step.tx.stage_scores.put(
        StageScoreRow(case_id=step.case.id, stage=stage, points=exact(points), how=how, details=details, at=step.now)
    )
    untrimmed = "；份数太少，没有去掉最高、最低分" if count_trimmed(how, len(sheets)) == 0 else ""
    step.audit(
        "scores",
        f"汇总{len(sheets)}份评分表，得{shown(points)}分，{len(far)}个条款分歧较大{untrimmed}",
        None,
        {"stage": stage, "how": how},
    )
    return StageResult(shown(points), _list_divergences(sheets[0].edition, far), len(sheets), True)


def agree_scores(step: Step, stage: str) -> StageResult:
    """Take the newest consensus sheet as the stage's result.

    Raises:
        Invalid: there is no consensus sheet.
    """
    rows = [
        s
        for s in step.tx.sheets.select(case_id=step.case.id, stage=stage)
        if s.state == "valid" and s.kind == "consensus"
    ]
    if not rows:
        raise Invalid(Text("组长尚未提交合议评分表。", "The leader has not sent the consensus sheet."))
    row, member_sheets = rows[-1], valid_sheets(step.tx, step.case.id, stage)
    points = Fraction(row.points)
    reasons = {item: score["reason"] for item, score in row.scores.items() if score.get("reason")}
    before = {r.stage: r for r in step.tx.stage_scores.select(case_id=step.case.id)}.get(stage)
    details = {**(before.details if before else {}), "consensus": row.id, "reasons": reasons}
    sheet = sheet_of(step.package.edition(row.edition), row)
    details |= {"categories": _by_category([sheet]), "full": exact(Fraction(sheet.edition.points))}
    step.tx.stage_scores.put(
        StageScoreRow(
            case_id=step.case.id, stage=stage, points=exact(points), how="consensus", details=details, at=step.now
        )
    )
    step.audit("scores", f"合议评分{shown(points)}分", None, {"stage": stage, "reasons": len(reasons)})
    return StageResult(shown(points), details.get("divergent", []), len(member_sheets), True)


def _build_details(
    sheets: Sequence[Sheet], rows: Sequence[SheetRow], far: Sequence[Divergence], limit: int
) -> dict[str, Any]:
    return {
        "sheets": [row.id for row in rows],
        "divergence": limit,
        "divergent": _list_divergences(sheets[0].edition, far),
        "categories": _by_category(sheets),
        "full": exact(Fraction(sheets[0].edition.points)),
    }


def _by_category(sheets: Sequence[Sheet]) -> dict[str, str]:
    edition = sheets[0].edition
    return {
        c.id: exact(sum((s.of_category(c.id) for s in sheets), Fraction(0)) / len(sheets)) for c in edition.categories
    }


def _list_divergences(edition: Edition, far: Sequence[Divergence]) -> list[dict[str, Any]]:
    return [{"item": d.item, "name": edition.items[d.item].name, "lowest": d.lowest, "highest": d.highest} for d in far]
