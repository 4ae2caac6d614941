"""Recusal of evaluators (回避): matched from records, declared by the person, decided by the body the city names."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from service.casework.access.declarations import DECIDED, DECLARED
from service.casework.ballots.declare_recusal import recuse_from_open_ballots
from service.casework.review.appointments import follow_panel
from service.casework.review.draw_panel import count_lacking_of_sector, leave_panel, refill_panel, view_panel
from service.casework.review.drop_reviewer import drop_scores
from service.casework.step.post import add_page_link, letter_rows, put
from service.casework.step.step import Step
from service.casework.subjects.case_subjects import cases_of_panel, subject_ids, subjects_of_panel
from service.casework.subjects.employers import Applicant, applicants_of
from service.casework.subjects.ties import KINDS, Lookback, interest_words, list_declared_applicants
from service.domain.errors import Invalid
from service.domain.text import Text
from service.sdk.messages import PANEL_CHANGED
from service.sdk.review import DrawOrder, PanelView, Tie
from service.store.models import InterestRow, PanelRow, RecusalRow

_NAMED = 3
"""So many applicants are named; of more the message says how many there are."""


def tell_decided(
    step: Step, panel: PanelRow, person: int, bodies: Collection[int], reason: str, *, recused: bool
) -> None:
    """Tell ``person`` whether they are recused from ``bodies``, why, and what follows; it always goes, as what they act by."""
    bodies_by_id = step.tx.bodies.by_id(bodies)
    names = [bodies_by_id[body].name for body in dict.fromkeys(bodies)]
    names_text = "、".join(names[:_NAMED])
    about = Text(
        f"{names_text}等{len(names)}家" if len(names) > _NAMED else names_text,
        f"{', '.join(names[:_NAMED])} and {len(names) - _NAMED} more" if len(names) > _NAMED else ", ".join(names),
    )
    if recused:
        subject = Text(f"决定回避：{about.zh}", f"Recused: {about.en}")
        follows = Text(
            "您不再参加其评审，其材料、评分和讨论不再向您开放，也不能就其投票；其他申报组织的评审不受影响。",
            "You no longer review it: its file, scores and discussion are closed to you, nor may you vote on it. "
            "Your review of other applicants is not touched.",
        )
    else:
        subject = Text(f"决定不予回避：{about.zh}", f"Not recused: {about.en}")
        follows = Text("您继续参加其评审。", "You go on reviewing it.")
    text = Text(
        f"您是否回避{about.zh}的评审，已有决定：{'回避' if recused else '不予回避'}。\n理由：{reason}\n{follows.zh}",
        f"It is decided whether you are recused from the review of {about.en}: {'you are' if recused else 'you are not'}."
        f"\nReason: {reason}\n{follows.en}",
    )
    ident = "-".join([str(panel.id), f"{step.now:%Y%m%dT%H%M%S}", "recused" if recused else "kept", str(min(bodies))])
    rows = letter_rows(
        [step.tx.people.get(person)],
        step.case.id,
        f"recusal:{ident}",
        subject,
        add_page_link(text, "/appointments#ties"),
        step.now,
    )
    step.pending.work += put(step.desk, step.tx, rows, step.now)


SCOPE = "recusal_scope"
"""Parameter by which a city may let a recusal from one applicant hold for the whole stage."""


def note_declarations(step: Step, panel: PanelRow, form: str) -> None:
    """Put what members declared in ``form`` on record, each declaration once."""
    bodies = subjects_of_panel(step.tx, panel.id)
    interest_keys = {(i.person_id, i.body_id, i.kind, i.text) for i in step.tx.interests.select(body_id=bodies)}
    for row in step.submissions(form):
        if row.person_id is None or row.data.get(DECLARED[0]) != "yes":
            continue
        for entry in row.data.get(DECLARED[1]) or [{}]:
            for body in list_declared_applicants(entry, bodies):
                kind, text = str(entry.get("kind") or "other"), str(entry.get("text") or "")
                if (row.person_id, body, kind, text) in interest_keys:
                    continue
                interest_keys.add((row.person_id, body, kind, text))
                step.tx.interests.insert(
                    InterestRow(
                        person_id=row.person_id,
                        body_id=body,
                        kind=kind if kind in KINDS else "other",
                        last_day=_parse_last_day(entry.get("last_on")),
                        source="declared",
                        text=text,
                        case_id=step.case.id,
                        noted_at=row.at,
                    )
                )


def conflicts_of(step: Step, panel: PanelRow, form: str) -> list[Tie]:
    """Return undecided conflicts of interest between active members and applicants; a decision covers what was known then."""
    note_declarations(step, panel, form)
    lookback = Lookback.of(DrawOrder(**panel.settings["order"]), step.today)
    members = {m.person_id for m in step.tx.panel_members.select(panel_id=panel.id) if m.state == "active"}
    bodies = subjects_of_panel(step.tx, panel.id)
    settled = {(d["person"], d["body"]): d["at"] for d in panel.settings.get(DECIDED, [])}
    names = step.tx.people.named(members)
    applicants = {a.body.id: a for a in applicants_of(step.tx, cases_of_panel(step.tx, panel.id))}
    interest_ties = [
        Tie(
            i.person_id,
            names[i.person_id],
            i.body_id,
            applicants[i.body_id].body.name,
            i.kind,
            interest_words(i).zh,
            i.source,
        )
        for i in step.tx.interests.select(body_id=bodies)
        if i.person_id in members
        and lookback.counts(i)
        and i.noted_at.isoformat() > settled.get((i.person_id, i.body_id), "")
    ]
    settled_keys = {(tie.person, tie.body) for tie in interest_ties} | settled.keys()
    interest_ties += [
        tie
        for tie in _iterate_employed(step, members, lookback, names, applicants)
        if (tie.person, tie.body) not in settled_keys
    ]
    ties = [
        {"person": str(t.person), "body": str(t.body), "name": t.name, "applicant": t.applicant, "tie": t.text}
        for t in interest_ties
    ]
    step.tx.panels.change(panel.id, settings={**panel.settings, "ties": ties})
    return interest_ties


def _iterate_employed(
    step: Step, members: set[int], lookback: Lookback, names: Mapping[int, str], applicants: Mapping[int, Applicant]
) -> Iterator[Tie]:
    """Yield the members whom the register says to work for an applicant, whatever they declared."""
    if "employment" not in lookback.kinds:
        return
    experts = [row for row in step.tx.experts.select(jurisdiction=step.case.jurisdiction) if row.person_id in members]
    for row in experts:
        for ident, applicant in applicants.items():
            if tie := applicant.tie_of(row):
                name = applicant.body.name
                yield Tie(row.person_id, names[row.person_id], ident, name, "employment", tie.zh, "record")


def decide_recusals(
    step: Step, panel: PanelRow, decisions: Sequence[Mapping[str, Any]], below: str, clauses: Sequence[str]
) -> PanelView:
    """Carry out decisions {person, body, recuse, reason}: those recused leave the panel and are replaced.

    Raises:
        Invalid: a decision without reason.
    """
    rejections: list[dict[str, Any]] = []
    bodies = subjects_of_panel(step.tx, panel.id)
    whole_stage = step.case.parameters.get(SCOPE) == "whole_stage"
    has_vacancy = False
    for decision in decisions:
        person, reason = int(decision["person"]), str(decision.get("reason") or "").strip()
        if not reason:
            raise Invalid(Text("每一项回避决定都须写明理由。", "Every decision on recusal needs its reason."))
        about = [int(decision["body"])] if decision.get("body") is not None else bodies
        if decision.get("recuse") is True:
            if whole_stage:
                about = sorted({*bodies, *_leave_stage(step, panel, person, reason)})
            has_vacancy = (
                _recuse_member(step, panel, person, about, reason, str(decision.get("source") or "declared"), clauses)
                or has_vacancy
            )
            tell_decided(step, panel, person, about, reason, recused=True)
        else:
            rejections += [
                {"person": person, "body": body, "reason": reason, "at": step.now.isoformat()} for body in about
            ]
            step.audit("recusal", f"不予回避：{step.tx.people.get(person).name}（{reason}）", None, {"person": person})
            tell_decided(step, panel, person, about, reason, recused=False)
    if rejections:
        decided = [*panel.settings.get(DECIDED, []), *rejections]
        step.tx.panels.change(panel.id, settings={**panel.settings, DECIDED: decided})
    now = step.tx.panels.at(step.case.id, panel.stage) or panel
    if not has_vacancy:
        return view_panel(step, now)
    if below == "continue":
        members = step.tx.panel_members.select(panel_id=panel.id)
        if not count_lacking_of_sector(step, DrawOrder(**now.settings["order"]), members):
            _accept_smaller(step, now)
            return view_panel(step, step.tx.panels.at(step.case.id, panel.stage))
    return refill_panel(step, now, "回避后补抽")


def record_recusal(step: Step, person: int, body: int, reason: str, source: str, clauses: Sequence[str]) -> None:
    """Record a recusal; from the next request on the person has no access to the applicant, nor votes on it."""
    fresh = step.tx.recusals.insert_new(
        RecusalRow(
            jurisdiction=step.case.jurisdiction,
            person_id=person,
            body_id=body,
            case_id=step.case.id,
            reason=reason,
            source=source,
            clauses=list(clauses),
            decided_by=step.actor.person_id,
            decided_at=step.now,
        )
    )
    if fresh:
        names = (step.tx.people.get(person).name, step.tx.bodies.get(body).name)
        step.audit("recusal", f"{names[0]}回避{names[1]}：{reason}", None, {"person": person, "body": body})
        recuse_from_open_ballots(step, person, body, reason)


def _recuse_member(
    step: Step, panel: PanelRow, person: int, bodies: Sequence[int], reason: str, source: str, clauses: Sequence[str]
) -> bool:
    for body in bodies:
        record_recusal(step, person, body, reason, source, clauses)
    active = {m.person_id for m in step.tx.panel_members.select(panel_id=panel.id) if m.state == "active"}
    if person not in active:
        return False
    leave_panel(step, step.tx.panels.at(step.case.id, panel.stage) or panel, person, "recused", reason)
    because = f"回避：{reason}"
    step.tx.sheets.drop(person, step.case.id, panel.stage, because)
    for over in (p for p in step.tx.panels.of_case(step.case.id) if p.state != "open"):
        drop_scores(step, over, person, because)
    return True


def _leave_stage(step: Step, panel: PanelRow, person: int, reason: str) -> list[int]:
    """Take a person off the other open panels of the stage; returns the organisations of every application of the round."""
    beside = step.tx.cases.select(parent_id=step.case.parent_id) if step.case.parent_id is not None else []
    for other in (p for c in beside for p in step.tx.panels.of_case(c.id)):
        members = [m for m in step.tx.panel_members.select(panel_id=other.id) if m.state == "active"]
        if other.id == panel.id or other.stage != panel.stage or other.state != "open":
            continue
        if person in {m.person_id for m in members}:
            rest = [m.person_id for m in members if m.person_id != person]
            step.tx.panel_members.change_where(
                {"panel_id": other.id, "person_id": person}, state="recused", reason=reason, until=step.now
            )
            if other.leader_id == person:
                step.tx.panels.change(other.id, leader_id=rest[0] if rest else None)
            step.tx.sheets.drop(person, other.case_id, panel.stage, f"回避：{reason}")
            key = f"message:{other.case_id}:{PANEL_CHANGED}:{other.id}:{person}"
            message = {"message": PANEL_CHANGED, "payload": {"stage": panel.stage}}
            step.queue("message", key, message, case_id=other.case_id)
            follow_panel(step, other)
    return [body for c in beside for body in subject_ids(c)]


def _accept_smaller(step: Step, panel: PanelRow) -> None:
    active = sum(m.state == "active" for m in step.tx.panel_members.select(panel_id=panel.id))
    order = {**panel.settings["order"], "places": active, "odd": panel.settings["order"]["odd"] and active % 2 == 1}
    step.tx.panels.change(panel.id, settings={**panel.settings, "order": order})


def _parse_last_day(value: object) -> date | None:
    """Return the last day of an interest that is over, as the form keeps it; None while it lasts."""
    return date.fromisoformat(str(value)[:10]) if value else None
