"""Interests that reviewers declare (回避申明), and the access they have until these are decided."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from service.domain.text import Text
from service.store import Transaction
from service.store.models import CaseRow, FormResultRow

DECLARATION = "interest_declaration"
"""The form in which a member of a panel declares."""
DECLARED = ("declared", "interests")
"""Keys of that form: "yes" when there is any interest, and the rows {applicant, kind, text, last_on}."""
DECIDED = "decided"
"""Setting of a panel: the pairs {person, body} on which it was decided."""
LATE_TIE_WAITS = Text(
    "您申明了与该组织的利害关系；办公室决定是否回避之前，不能查看其材料，也不能评分。",
    "You declared a tie to this organisation: until the office decides whether you are recused its file is closed to you, "
    "and no sheet of yours is taken.",
)


def awaits_recusal(tx: Transaction, person_id: int, case: CaseRow) -> bool:
    """Return whether a reviewer has declared an interest in ``case`` and neither was it decided nor the review gone on."""
    return person_id in awaiting_recusal(tx, case)


def awaiting_recusal(tx: Transaction, case: CaseRow) -> frozenset[int]:
    """Return all reviewers of ``case`` of whom that is so."""
    last = {row.person_id: row for row in tx.forms.of_case(case.id, DECLARATION) if row.person_id is not None}
    declared = {person: row.at for person, row in last.items() if row.data.get(DECLARED[0]) == "yes"}
    if not declared:
        return frozenset()
    decided = {d["person"] for panel in tx.panels.of_case(case.id) for d in panel.settings.get(DECIDED, ())}
    return frozenset(
        person for person, at in declared.items() if person not in decided and not has_gone_on(tx, case.id, person, at)
    )


def has_gone_on(tx: Transaction, case_id: int, person_id: int, since: datetime) -> bool:
    """Return whether a reviewer was given work in a case after ``since``: nothing they said before stands in its way."""
    return any(t.assignee_id == person_id and t.created_at > since for t in tx.tasks.select(case_id=case_id))


def late_declarations(tx: Transaction, case: CaseRow) -> Mapping[int, FormResultRow]:
    """Return by reviewer the ties that they declared beside their sheets, outside the step for it, and that wait to be decided."""
    late = {
        row.person_id: row
        for row in tx.forms.of_case(case.id, DECLARATION)
        if row.task_id is None and row.person_id is not None
    }
    waiting = awaiting_recusal(tx, case) if late else frozenset()
    return {person: row for person, row in late.items() if person in waiting}
