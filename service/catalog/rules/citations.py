"""Clauses: what is cited exists, what exists is carried out or explained."""

from __future__ import annotations

from collections.abc import Iterator

from service.catalog.coverage.coverage import citations, cited_in, uncovered_by
from service.catalog.problems import Problem
from service.catalog.rules.context import Checked, error, unknown_clause, warning
from service.catalog.rules.registry import Extent, check
from service.domain.text import Text


@check(Extent.PACKAGE, "unknown_clause")
def cited_exist(checked: Checked) -> Iterator[Problem]:
    """A clause that is cited stands in the register."""
    law = checked.package.law
    for citation in citations(checked.package):
        if citation.clause not in law.clauses:
            yield unknown_clause(citation.file, citation.element, citation.clause, law)


@check(Extent.JURISDICTION, "uncovered_clause")
def clauses_covered(checked: Checked) -> Iterator[Problem]:
    """Every clause is cited, informative, or outside with a reason."""
    law = checked.package.law
    for ident in uncovered_by(law, cited_in(checked.package)):
        clause = law.clauses[ident]
        make = warning if ident in law.not_modelled_yet else error
        yield make(
            law.file, ident, "uncovered_clause",
            f"{clause.article}（{ident}）没有落实：{clause.summary}",
            f"{clause.article} ({ident}) is not carried out: {clause.summary}",
            Text(
                "让环节、表格行、字段、参数、文书或动作引用它，或在条款登记中写明“说明性”（informative）或“流程之外”（outside）的理由。",
                "Cite it in an element, table row, field, parameter, document or action, "
                "or give a reason under informative or outside.",
            ),
        )  # fmt: skip


@check(Extent.PACKAGE, "unknown_clause", "carried_out_already")
def postponed_exist(checked: Checked) -> Iterator[Problem]:
    """Clauses left for later stand in the register and are not carried out already."""
    law = checked.package.law
    carried = cited_in(checked.package)
    for ident in sorted(law.not_modelled_yet):
        if ident not in law.clauses:
            yield unknown_clause(law.file, "not_modelled_yet", ident, law)
        elif ident in carried:
            yield warning(
                law.file, "not_modelled_yet", "carried_out_already",
                f"“{ident}”已经落实，不必再列为待建。", f"“{ident}” is carried out and need not be listed here.",
                Text("从 not_modelled_yet 中删去。", "Remove it from not_modelled_yet."),
            )  # fmt: skip


@check(Extent.PIECES, "reason_missing")
def postponed_with_reason(checked: Checked) -> Iterator[Problem]:
    """Clauses left for later have a reason."""
    law = checked.package.law
    if law.not_modelled_yet and not law.not_modelled_reason:
        yield error(
            law.file, "not_modelled_yet.reason", "reason_missing",
            "待建条款没有写明理由。", "The clauses left for later have no reason.", Text("补上 reason。", "Add reason."),
        )  # fmt: skip
