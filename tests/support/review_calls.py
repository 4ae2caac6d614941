"""The calls of the register of experts, of panels and of receipts, made once on full tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from service.store import Transaction
from service.store.rows import RecusalRow, StageScoreRow

NOW = datetime(2026, 2, 1, tzinfo=UTC)

REVIEW_CALLS: Mapping[str, Callable[[Transaction], object]] = {
    "experts.get": lambda tx: tx.experts.get(7),
    "experts.of_person": lambda tx: tx.experts.of_person("j7", 8),
    "experts.pool": lambda tx: tx.experts.pool("j7"),
    "experts.pool_after": lambda tx: tx.experts.pool_after("j7", 7, 10),
    "experts.trainings_of": lambda tx: tx.experts.trainings_of([7, 8]),
    "experts.update": lambda tx: tx.experts.update(7, 7, employer="新"),
    "experts.trainings": lambda tx: tx.experts.trainings("j7"),
    "experts.changes": lambda tx: tx.experts.changes(7),
    "experts.interests": lambda tx: tx.experts.interests([7, 8]),
    "experts.interests_of": lambda tx: tx.experts.interests_of(7),
    "experts.recuse": lambda tx: tx.experts.recuse(
        RecusalRow(
            jurisdiction="j", person_id=1, body_id=1, case_id=1, reason="r", source="s", clauses=[], decided_at=NOW
        )
    ),
    "experts.recusals": lambda tx: tx.experts.recusals([7, 8]),
    "experts.recusals_of": lambda tx: tx.experts.recusals_of(7),
    "experts.recused_from": lambda tx: tx.experts.recused_from(7),
    "experts.recusal": lambda tx: tx.experts.recusal(7),
    "experts.lift": lambda tx: tx.experts.lift(10, NOW, "r"),
    "panels.people_of_case": lambda tx: tx.panels.people_of_case(7),
    "panels.draw": lambda tx: tx.panels.draw(7),
    "panels.draws": lambda tx: [tx.panels.draws(7, stage) for stage in ("x7", None)],
    "panels.update": lambda tx: tx.panels.update(7, state="closed"),
    "panels.of_case": lambda tx: tx.panels.of_case(7),
    "panels.at": lambda tx: tx.panels.at(7, "x7"),
    "panels.members": lambda tx: tx.panels.members([7, 8]),
    "panels.cases": lambda tx: tx.panels.cases(7),
    "panels.change_member": lambda tx: tx.panels.change_member(7, 7, state="left"),
    "panels.reviews": lambda tx: tx.panels.reviews(7, 7),
    "panels.cases_of": lambda tx: tx.panels.cases_of(7),
    "panels.served": lambda tx: tx.panels.served("j7", "a7"),
    "panels.running_of": lambda tx: tx.panels.running_of(7, "j7"),
    "panels.busy": lambda tx: [tx.panels.busy("j7", "x7", beside) for beside in (7, None)],
    "panels.of_draw": lambda tx: tx.panels.of_draw(7),
    "panels.closed": lambda tx: [tx.panels.closed(cases) for cases in ([7, 8], [])],
    "panels.busy_anywhere": lambda tx: tx.panels.busy_anywhere("j7"),
    "panels.sheets": lambda tx: [tx.panels.sheets([7, 8], stage) for stage in ("x7", None)],
    "panels.replace_sheet": lambda tx: tx.panels.replace_sheet(7, "taken_back", "r"),
    "panels.drop_sheets": lambda tx: tx.panels.drop_sheets(7, [7, 8], "r"),
    "panels.put_result": lambda tx: tx.panels.put_result(
        StageScoreRow(case_id=7, stage="x7", points="1/1", how="mean", details={}, at=NOW)
    ),
    "panels.results": lambda tx: tx.panels.results([7, 8]),
    "panels.appointment": lambda tx: tx.panels.appointment(7),
    "panels.appointments_from": lambda tx: [
        tx.panels.appointments_from("j7", NOW, NOW, one, 9) for one in (None, (NOW, 7))
    ],
    "panels.appointments": lambda tx: tx.panels.appointments("j7", NOW, NOW),
    "panels.appointments_of": lambda tx: tx.panels.appointments_of(7),
    "panels.change_appointment": lambda tx: tx.panels.change_appointment(7, 7, note="n"),
    "receipts.by_code": lambda tx: tx.receipts.by_code("x7"),
    "receipts.of_case": lambda tx: tx.receipts.of_case(7),
    "receipts.count_attempts": lambda tx: tx.receipts.count_attempts("x7", "x7", NOW),
    "receipts.note_attempt": lambda tx: tx.receipts.note_attempt("x7", "x7", NOW, NOW),
    "cases.below_each": lambda tx: tx.cases.below_each([7, 8], ["p1", "p2"]),
    "forms.move_draft": lambda tx: tx.forms.move_draft(7, "e", 7, 9),
    "people.people": lambda tx: tx.people.people([7, 8]),
    "register.sanctions_of": lambda tx: tx.register.sanctions_of("j7", ["x7"], 50),
    "register.years": lambda tx: [tx.register.years(j) for j in ("j7", None)],
    "uploads.mark_secret": lambda tx: tx.uploads.mark_secret(["x7"], "trade"),
}

ONLY_INSERTS = {
    "experts.add_interest",
    "experts.add_training",
    "experts.insert",
    "experts.note",
    "panels.add_members",
    "panels.add_sheet",
    "panels.form",
    "panels.insert_appointment",
    "panels.insert_draw",
    "receipts.insert",
}
"""Calls that look for nothing."""
