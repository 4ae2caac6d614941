"""API routes of expert review: the register of experts, panels, appointments."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request

from service.casework.queries.people.declared_ties import list_declared_ties
from service.casework.queries.people.experts import list_experts
from service.casework.review.answer_invitation import answer_invitation, list_invitations
from service.casework.review.expert_register import (
    NewExpert,
    add_expert,
    change_expert,
    set_expert_status,
    train_expert,
)
from service.casework.review.keep_appointments import (
    booking_of,
    cancel_appointment,
    move_appointment,
    page_of_appointments,
)
from service.casework.review.late_ties import decide_late_tie, declare_late_tie, list_late_ties
from service.casework.review.replace_member import replace_member
from service.casework.review.ties_on_record import lift_recusal, note_interest
from service.web.api.arguments import Query, instant_place, people_sought, row_place, whole
from service.web.api.operation import ApiOperation, add_route
from service.web.api.schemas import declared_ties as ties
from service.web.api.schemas import people as persons
from service.web.api.schemas import register as schemas
from service.web.api.schemas.ballots import ReasonIn
from service.web.frame.requests.current import the_actor, the_desk
from service.web.frame.requests.parse_values import count_or_none, cursor, dated_cursor, dated_place

_WHICH: Query = {
    "jurisdiction": "one city",
    "q": people_sought("text in name, employer or sector"),
    "after": row_place(),
}
_ONWARD = {"after": instant_place()}


def register(api: Blueprint) -> None:
    """Add the routes."""
    keep, office, one = "experts.manage", "review.manage", "/experts/<int:expert_id>"
    asked, consent = "/expert-invitations", "experts.consent"
    panel = "/cases/<int:case_id>/panels/<int:panel_id>/replace"
    appointment, late = "/appointments/<int:appointment_id>", "/cases/<int:case_id>/declared-ties"
    for operation, work in (
        (ApiOperation("GET", "/experts", "experts.view", "List the register of experts", schemas.ExpertsOut, None, _WHICH), experts),
        (ApiOperation("POST", "/experts", keep, "Put a person on the register", schemas.ExpertIdOut, schemas.NewExpertIn), register_expert),
        (ApiOperation("GET", asked, consent, "List invitations to registers of experts", persons.InvitationsOut), expert_invitations),
        (ApiOperation("POST", f"{asked}/<int:expert_id>", consent, "Agree or decline", None, persons.ConsentIn), answer_expert_invitation),
        (ApiOperation("PUT", one, keep, "Bring an entry up to date", None, schemas.NewExpertIn, {"version": whole("of the entry", 0, 2**31)}), update_expert),
        (ApiOperation("POST", f"{one}/trainings", keep, "Record a training", None, schemas.TrainingIn), note_training),
        (ApiOperation("POST", f"{one}/status", keep, "Suspend, disqualify or restore", schemas.TouchedOut, schemas.ExpertStatusIn), change_expert_status),
        (ApiOperation("POST", f"{one}/interests", keep, "Record an interest", None, schemas.InterestIn), note_expert_interest),
        (ApiOperation("POST", "/recusals/<int:recusal_id>/lift", keep, "End a recusal", None, ReasonIn), end_recusal),
        (ApiOperation("POST", panel, office, "Replace a member", schemas.PanelOut, schemas.ReplaceMemberIn), replace_member_of),
        (ApiOperation("POST", "/tasks/<int:task_id>/tie", "review.declare", "Declare a tie found while scoring", None, ties.LateTieIn), declare_tie_at_task),
        (ApiOperation("GET", late, office, "List those that wait to be decided", ties.LateTiesOut), late_ties_of_case),
        (ApiOperation("POST", f"{late}/<int:person_id>", office, "Decide on one, replace who is recused", schemas.PanelOut, ties.DecideTieIn), decide_tie),
        (ApiOperation("GET", "/appointments", "review.view", "List coming appointments", schemas.AppointmentsOut, None, _ONWARD), appointments),
        (ApiOperation("GET", "/declared-ties", "review.view", "List the ties one declared, and what was decided", ties.DeclaredTiesOut), own_declared_ties),
        (ApiOperation("PUT", appointment, office, "Move an appointment", None, schemas.BookingIn), move_booking),
        (ApiOperation("POST", f"{appointment}/cancel", office, "Cancel an appointment", None, ReasonIn), cancel_booking),
    ):  # fmt: skip
        add_route(api, operation, work)


def experts() -> Any:
    """List."""
    args = request.args
    return list_experts(the_desk(), the_actor(), args.get("jurisdiction", ""), args.get("q", ""), cursor(args, "after"))


def register_expert(body: dict[str, Any]) -> dict[str, Any]:
    """Add."""
    return {"expert_id": add_expert(the_desk(), the_actor(), _expert(body))}


def expert_invitations() -> dict[str, Any]:
    """List."""
    return {"invitations": list_invitations(the_desk(), the_actor())}


def answer_expert_invitation(body: dict[str, Any], expert_id: int) -> None:
    """Answer."""
    answer_invitation(the_desk(), the_actor(), expert_id, accept=body["accept"])


def update_expert(body: dict[str, Any], expert_id: int) -> None:
    """Change."""
    change_expert(the_desk(), the_actor(), expert_id, count_or_none(request.args, "version") or 0, _expert(body))


def note_training(body: dict[str, Any], expert_id: int) -> None:
    """Record."""
    train_expert(the_desk(), the_actor(), expert_id, **body)


def change_expert_status(body: dict[str, Any], expert_id: int) -> dict[str, Any]:
    """Change."""
    return {"touched": set_expert_status(the_desk(), the_actor(), expert_id, **body)}


def note_expert_interest(body: dict[str, Any], expert_id: int) -> None:
    """Record."""
    note_interest(the_desk(), the_actor(), expert_id, **body)


def end_recusal(body: dict[str, Any], recusal_id: int) -> None:
    """End."""
    lift_recusal(the_desk(), the_actor(), recusal_id, body["reason"])


def replace_member_of(body: dict[str, Any], case_id: int, panel_id: int) -> Any:
    """Replace."""
    return replace_member(the_desk(), the_actor(), case_id, panel_id, body["person_id"], body["reason"])


def declare_tie_at_task(body: dict[str, Any], task_id: int) -> None:
    """Declare."""
    declare_late_tie(the_desk(), the_actor(), task_id, body["kind"], body["text"])


def late_ties_of_case(case_id: int) -> dict[str, Any]:
    """List."""
    found = list_late_ties(the_desk(), the_actor(), case_id)
    return {"ties": [{"person_id": person, "tie": tie} for person, tie in found.items()]}


def decide_tie(body: dict[str, Any], case_id: int, person_id: int) -> Any:
    """Decide."""
    panel, reason = body["panel_id"], body["reason"]
    return decide_late_tie(the_desk(), the_actor(), case_id, panel, person_id, reason, recuse=body["recuse"])


def own_declared_ties() -> dict[str, Any]:
    """List."""
    found = list_declared_ties(the_desk(), the_actor())
    return {
        "ties": [
            {
                "applicant": one.applicant,
                "words": one.words,
                "at": one.at,
                "led_to": one.outcome.led_to.name.lower(),
                "decision": one.outcome.led_to.value,
                "reason": one.outcome.reason,
            }
            for one in found
        ]
    }


def appointments() -> dict[str, Any]:
    """List."""
    page = page_of_appointments(the_desk(), the_actor(), dated_cursor(request.args, "after"))
    return {"appointments": page.lines, "next": dated_place(page.after)}


def move_booking(body: dict[str, Any], appointment_id: int) -> None:
    """Move."""
    booking = booking_of(body["stage"], body["room"], body["starts_at"], body["minutes"], body["note"])
    move_appointment(the_desk(), the_actor(), appointment_id, booking)


def cancel_booking(body: dict[str, Any], appointment_id: int) -> None:
    """Cancel."""
    cancel_appointment(the_desk(), the_actor(), appointment_id, body["reason"])


def _expert(body: dict[str, Any]) -> NewExpert:
    lists = {name: tuple(body[name]) for name in ("sectors", "qualifications")}
    return NewExpert(**{**body, **lists})
