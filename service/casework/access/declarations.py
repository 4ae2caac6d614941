"""Interests that reviewers declare (回避申明), and the access they have until these are decided."""

from __future__ import annotations

from service.store import Transaction
from service.store.rows import CaseRow

DECLARATION = "interest_declaration"
"""The form in which a member of a panel declares."""
DECLARED = ("declared", "interests")
"""Keys of that form: "yes" when there is any interest, and the rows {applicant, kind, text, last_on}."""
DECIDED = "decided"
"""Setting of a panel: the pairs {person, body} on which it was decided."""


def awaits_recusal(tx: Transaction, person_id: int, case: CaseRow) -> bool:
    """Return whether a reviewer has declared an interest in ``case`` and neither was it decided nor the review gone on."""
    own = [row for row in tx.forms.of_case(case.id, DECLARATION) if row.person_id == person_id]
    if not own or own[-1].data.get(DECLARED[0]) != "yes":
        return False
    panels = tx.panels.of_case(case.id)
    if any(d["person"] == person_id for panel in panels for d in panel.settings.get(DECIDED, ())):
        return False
    return not any(t.assignee_id == person_id and t.created_at > own[-1].at for t in tx.tasks.of_case(case.id))
