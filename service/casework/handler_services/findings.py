"""Service of operations: findings on the conditions of a case."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date

from service.casework.step.decide import evaluate_eligibility
from service.casework.step.step import Step
from service.sdk import Finding
from service.store.models import FindingRow

_AGAIN = "again"
"""Of a finding that counts again: the number of the one of which it is a copy."""


class FindingPort:
    """Findings of the case of a step."""

    def __init__(self, step: Step) -> None:
        self._step = step

    def examine(
        self, table: str, reference_date: date | None = None, grounds: Collection[str] = ()
    ) -> Sequence[Finding]:
        """Evaluate an eligibility table and record every ground; earlier findings of the table stay as history."""
        step = self._step
        results = evaluate_eligibility(step, table, reference_date, grounds)
        rows = [
            FindingRow(
                case_id=step.case.id,
                table=table,
                ground=f.ground,
                result=f.result,
                text=f.text,
                clauses=list(f.clauses),
                decided_by=f.decided_by,
                supplied_by=f.supplied_by,
                details={"unknown": list(f.unknown), "evidence": list(f.evidence)},
                at=step.now,
            )
            for f in results
        ]
        step.tx.findings.replace(step.case.id, table, rows)
        counts = {r: sum(f.result == r for f in results) for r in ("met", "not_met", "unknown")}
        step.audit(
            "findings",
            f"资格条件认定：符合{counts['met']}项，不符合{counts['not_met']}项，待补充{counts['unknown']}项",
            None,
            counts,
        )
        return results

    def retract(self, table: str) -> None:
        """Let the findings on a table be those of the examination before the last; the history keeps both."""
        step = self._step
        rows = [row for row in step.tx.findings.select(case_id=step.case.id) if row.table == table]
        before = _list_previous_findings([row for row in rows if row.current], rows)
        copies = [
            replace(row, id=0, at=step.now, current=True, details={**row.details, _AGAIN: row.id}) for row in before
        ]
        step.tx.findings.replace(step.case.id, table, copies)


def _list_previous_findings(last: Sequence[FindingRow], rows: Sequence[FindingRow]) -> list[FindingRow]:
    """Return the findings of the examination before the one of ``last``, in their order; none before the first.

    Findings that count again stand for those of which they are copies.
    """
    first = min((row.details.get(_AGAIN, row.id) for row in last), default=0)
    findings_by_ground: dict[str, FindingRow] = {}
    for row in sorted((row for row in rows if row.id < first), key=lambda row: -row.id):
        if row.ground in findings_by_ground:
            break
        findings_by_ground[row.ground] = row
    originals = {row.details.get(_AGAIN, row.id) for row in findings_by_ground.values()}
    return [row for row in rows if row.id in originals]
