"""Operation that examines eligibility: every ground of a table, summed up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from service.sdk import Finding, Text, Work, operation


@dataclass(frozen=True, slots=True)
class Examine:
    """Which table, measured on which day."""

    table: str = field(metadata={"help": "资格条件表编号"})
    reference_date: date | None = field(default=None, metadata={"help": "计算年限的基准日；空则为申报提交（收件）之日"})
    grounds: list[str] = field(default_factory=list, metadata={"help": "只审查这些条件（表中行的编号）；空则全部"})


def retract_findings(work: Work, parameters: Examine) -> None:
    """Let what was found before count again: whoever does a step anew is asked what was open then."""
    work.findings.retract(parameters.table)


@operation(
    "eligibility.examine",
    Text("审查条件", "Examine the conditions"),
    result={
        "result": "string",
        "unknown": "list",
        "failed": "list",
        "suppliers": "list",
        "reference_date": "date",
    },
    undo=retract_findings,
    options={"result": ("met", "not_met", "unknown")},
)
def examine(work: Work, parameters: Examine) -> Mapping[str, Any]:
    """Evaluate the grounds of a table, record the findings and sum them up, with the day that was handed over."""
    findings = work.findings.examine(parameters.table, parameters.reference_date, parameters.grounds)
    return {**summarise_findings(findings), "reference_date": parameters.reference_date}


def summarise_findings(findings: Sequence[Finding]) -> dict[str, Any]:
    """Sum findings up.

    ``result`` is "not_met" as soon as one ground is not met, "unknown" while one is open, else "met";
    ``unknown`` and ``failed`` list the grounds, ``suppliers`` the roles that can supply what is missing.
    """
    failed = [finding.ground for finding in findings if finding.result == "not_met"]
    open_ones = [finding for finding in findings if finding.result == "unknown"]
    return {
        "result": "not_met" if failed else "unknown" if open_ones else "met",
        "unknown": [finding.ground for finding in open_ones],
        "failed": failed,
        "suppliers": sorted({finding.supplied_by for finding in open_ones if finding.supplied_by}),
    }
