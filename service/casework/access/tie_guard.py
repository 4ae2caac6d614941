"""Ties on record (利害关系) of whoever handles a case for an authority: they decide nothing on that organisation."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from service.casework.access.actor import APPLICANT_KINDS, Actor
from service.casework.access.case_access import BALLOT, get_case_concerned, seat_for
from service.casework.access.declarations import DECIDED
from service.casework.subjects.employers import applicants_of
from service.casework.subjects.ties import Lookback, list_person_ties
from service.domain.calendar import local_date
from service.domain.errors import NotAllowed
from service.domain.text import Text
from service.store import Transaction
from service.store.models import CaseRow, TaskRow


def find_tie(tx: Transaction, actor: Actor, task: TaskRow, case: CaseRow, now: datetime) -> Text | None:
    """Return why a tie on record keeps ``actor`` from doing ``task``; None for applicants, voters and panels, who have rules of their own."""
    seat = seat_for(actor, task)
    if seat is None or seat.body_kind in APPLICANT_KINDS or task.personal or task.kind == BALLOT:
        return None
    about = get_case_concerned(tx, case)
    people = sorted({person for person in (actor.person_id, seat.lender_id) if person is not None})
    if about.subject_id is None or not people:
        return None
    if not (actor.tied or seat.lent or about.subject_id in actor.body_ids):
        return None
    experts = tx.experts.select(jurisdiction=case.jurisdiction, person_id=people)
    lookback = Lookback.by_parameters(case.parameters, local_date(now))
    decided = decided_at(tx, [about], people)
    for tie in list_person_ties(tx, applicants_of(tx, [about.id]), people, experts, lookback, now):
        last = decided.get((tie.person, tie.body))
        if last is None or (tie.noted_at is not None and tie.noted_at.isoformat() > last):
            name = tx.bodies.get(tie.body).name
            return Text(
                f"记录显示您与{name}有利害关系：{tie.words.zh}。请回避，由其他人员办理；记录有误的，请告知办公室。",
                f"On record is a tie of yours to {name}: {tie.words.en}. Leave this to a colleague; where the record is "
                "wrong, tell the office.",
            )
    return None


def require_no_tie(tx: Transaction, actor: Actor, task: TaskRow, case: CaseRow, now: datetime) -> None:
    """Raise NotAllowed where a tie on record keeps ``actor`` from doing ``task``."""
    tie = find_tie(tx, actor, task, case, now)
    if tie is not None:
        raise NotAllowed(tie)


def decided_at(tx: Transaction, cases: Iterable[CaseRow], people: Collection[int]) -> dict[tuple[int, int], str]:
    """Return when (ISO) it was decided last, by person and organisation, that they are not recused or not any more."""
    decided: dict[tuple[int, int], str] = {}
    for panel in (p for case in cases for p in tx.panels.of_case(case.id)):
        for d in panel.settings.get(DECIDED, ()):
            decided[d["person"], d["body"]] = max(d["at"], decided.get((d["person"], d["body"]), ""))
    for r in tx.recusals.list_about([], sorted(people)):
        if r.lifted_at is not None:
            decided[r.person_id, r.body_id] = max(r.lifted_at.isoformat(), decided.get((r.person_id, r.body_id), ""))
    return decided
