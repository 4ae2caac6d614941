"""Remarks for designers that are no mistake of the package: on the regulation's text, and on unproved clauses."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from service.catalog.coverage.coverage import coverage
from service.catalog.law.law import Law
from service.catalog.package import Package
from service.catalog.problems import Problem, Severity
from service.domain.text import Text

UNPROVED = "unproved_clauses"
RULE = "remark"
"""What a remark has in place of a rule."""


def remarks_of(laws: Iterable[Law]) -> tuple[Problem, ...]:
    """Return the remarks of ``laws``, each once; ``element`` holds the clauses, ``remedy`` the reading chosen."""
    found = {
        Problem(
            law.file,
            " ".join(remark.clauses),
            RULE,
            remark.text,
            Text(f"采用的理解：{remark.reading.zh}", f"Read as: {remark.reading.en}"),
            Severity.REMARK,
        ): None
        for law in laws
        for remark in law.remarks
    }
    return tuple(found)


def unproved_of(packages: Sequence[Package]) -> tuple[Problem, ...]:
    """Return one remark where clauses of a jurisdiction are cited and no expectation proves them.

    ``packages`` are those of one jurisdiction, with what their scenarios prove.
    """
    found = coverage(packages)
    if not found.unproved:
        return ()
    some = "、".join(found.unproved[:5]) + ("…" if len(found.unproved) > 5 else "")
    return (
        Problem(
            packages[0].law.file,
            "clauses",
            UNPROVED,
            Text(
                f"{len(found.unproved)}条有引用而没有情景的期望证明：{some}。",
                f"{len(found.unproved)} clauses are cited and no expectation of a scenario proves them: {some}",
            ),
            Text(
                f"laurel coverage {found.jurisdiction} --unproved 逐条列出；在断言其效果的期望上写 proves。",
                f"laurel coverage {found.jurisdiction} --unproved lists them; write proves on what asserts their effect.",
            ),
            Severity.REMARK,
        ),
    )
