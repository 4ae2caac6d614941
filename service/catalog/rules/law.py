"""The register itself: remarks on the text, and what an amendment says about running cases."""

from __future__ import annotations

from collections.abc import Iterator

from service.catalog.problems import Problem
from service.catalog.rules.context import Checked, error, unknown_clause
from service.catalog.rules.registry import Extent, check
from service.domain.text import Text


@check(Extent.PIECES, "remark_without_clause", "unknown_clause")
def remarks_name_clauses(checked: Checked) -> Iterator[Problem]:
    """A remark names the clauses it is about, and they stand in the register."""
    law = checked.package.law
    for number, remark in enumerate(law.remarks, 1):
        place = f"remarks[{number}].clauses"
        if not remark.clauses:
            yield error(
                law.file, place, "remark_without_clause",
                "按语没有写明针对哪一条款。", "The remark does not say which clause it is about.",
                Text("补上 clauses。", "Add clauses."),
            )  # fmt: skip
        for ident in remark.clauses:
            if ident not in law.clauses:
                yield unknown_clause(law.file, place, ident, law)


@check(Extent.PIECES, "amendment_without_clause", "unknown_clause")
def amendments_cite(checked: Checked) -> Iterator[Problem]:
    """An amendment that reaches running cases cites the clause that says so."""
    law = checked.package.law
    if law.amendment is None:
        return
    if law.amendment.applies_to_running and not law.amendment.clauses:
        yield error(
            law.file, "amendment.clauses", "amendment_without_clause",
            "修订适用于进行中的办件，却没有引用作此规定的条款。",
            "The amendment reaches running cases but cites no clause that says so.",
            Text("补上 clauses，或删去 applies_to_running。", "Add clauses, or remove applies_to_running."),
        )  # fmt: skip
    for ident in law.amendment.clauses:
        if ident not in law.clauses:
            yield unknown_clause(law.file, "amendment.clauses", ident, law)
