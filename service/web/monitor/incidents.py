"""What failed and is settled, and work on hold."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from service.casework.due.hold import FIRST_LINES, resume_work, view_hold
from service.casework.due.settle_incident import Retried, hand_over_incident, retry_alike, retry_incident, skip_incident
from service.casework.queries.monitoring.incident_desk import IncidentGroup, view_cause, view_incident_desk
from service.domain.errors import Conflict, Invalid, NotAllowed
from service.store import KindOfCase
from service.web.frame.page.frame import flash, set_breadcrumbs
from service.web.frame.page.names import award_name, kind_name
from service.web.frame.requests.current import say, t, the_actor, the_desk
from service.web.frame.requests.guarding import route_guard
from service.web.frame.requests.parse_values import find_query_cursor, row_id_or_none
from service.web.frame.requests.refusals import record_error_status

PAGES = Blueprint("incidents", __name__)


_HERE = "/monitor/incidents"


@PAGES.get(_HERE)
@route_guard("monitor.view")
def incidents() -> ResponseReturnValue:
    """Show every open incident by its cause."""
    set_breadcrumbs((t("监控", "Monitor"), "/monitor"), (t("异常处置", "Incident desk"), None))
    groups = view_incident_desk(the_desk(), the_actor(), request.args.get("jurisdiction", ""), _read_kind())
    return _render_groups(groups, whole=False)


@PAGES.get(f"{_HERE}/cause")
@route_guard("monitor.view")
def cause() -> ResponseReturnValue:
    """Show all incidents of one cause."""
    set_breadcrumbs(
        (t("监控", "Monitor"), "/monitor"), (t("异常处置", "Incident desk"), _HERE), (t("同一原因", "One cause"), None)
    )
    args = request.args
    place, key = args.get("jurisdiction", ""), args.get("cause", "")
    group = view_cause(the_desk(), the_actor(), place, key, find_query_cursor(args, "before"), _read_kind())
    return _render_groups((group,) if group else (), whole=True)


def _read_kind() -> KindOfCase:
    return KindOfCase(request.args.get("award", "")[:60], request.args.get("process", "")[:60])


def _render_groups(groups: Sequence[IncidentGroup], *, whole: bool) -> str:
    place, of = request.args.get("jurisdiction", ""), _read_kind()
    kinds = (award_name(place, of.award) if of.award else "", kind_name(place, of.process) if of.process else "")
    return render_template(
        "monitor/incidents.html",
        groups=groups,
        whole=whole,
        of=of,
        narrowed=" · ".join(name for name in kinds if name),
    )


@PAGES.post(f"{_HERE}/<int:incident_id>/settle")
@route_guard("incident.retry")
def settle_incident(incident_id: int) -> ResponseReturnValue:
    """Retry one or all of a cause."""
    if request.form.get("act") != "alike":
        return redirect(f"{_HERE}?queued={incident_id}" if _retry_one(incident_id) is Retried.QUEUED else _HERE)
    try:
        return _retry_all(incident_id)
    except (Conflict, Invalid, NotAllowed) as refusal:
        flash(say(refusal.message), "error")
        return redirect(_HERE)


def _retry_one(incident_id: int) -> Retried | None:
    """Retry one incident and say what came of it: what is queued again stays in the figure until it went well."""
    try:
        outcome = retry_incident(the_desk(), the_actor(), incident_id)
    except (Conflict, Invalid, NotAllowed) as refusal:
        flash(say(refusal.message), "error")
        return None
    if outcome is Retried.FAILED:
        flash(
            t("重试仍未成功，原因见下方的技术细节。", "It failed again; the technical detail below says why."), "error"
        )
    elif outcome is Retried.QUEUED:
        flash(
            t(
                "已重新排队，随即再办。办成以后异常自行消除，本页自动更新。",
                "Queued again, and done presently. The incident closes once it went well; this page renews itself.",
            )
        )
    else:
        flash(t("已重试，异常已经消除。", "Tried again: the incident is closed."))
    return outcome


def _retry_all(incident_id: int) -> ResponseReturnValue:
    """Begin to retry all of a cause and show how far it is."""
    begun = retry_alike(the_desk(), the_actor(), incident_id)
    if begun.before:
        flash(
            t(
                "这一原因的异常已经在批量重试，没有再发起一次；进展见本页。",
                "They are being retried already, and nothing was begun again: this page shows how far that is.",
            )
        )
    if begun.batch is not None:
        return redirect(f"/monitor/interventions/{begun.batch}")
    flash(
        t(
            f"{begun.incidents} 项已重新排队，随即再办；办成以后异常自行消除。",
            f"{begun.incidents} are put back into the queue; each incident closes once its work went well.",
        )
    )
    return redirect(_HERE)


@PAGES.post(f"{_HERE}/<int:incident_id>/skip")
@route_guard("incident.skip")
def skip(incident_id: int) -> ResponseReturnValue:
    """Skip what failed."""
    try:
        skip_incident(the_desk(), the_actor(), incident_id, request.form.get("reason", ""))
        flash(t("已跳过，原因已记入办理记录。", "Skipped; the reason is on record."))
    except (Conflict, Invalid, NotAllowed) as refusal:
        flash(say(refusal.message), "error")
    return redirect(_HERE)


@PAGES.post(f"{_HERE}/<int:incident_id>/hand-over")
@route_guard("incident.hand_over")
def hand_over(incident_id: int) -> ResponseReturnValue:
    """Hand it over to somebody."""
    person = row_id_or_none(request.form, "person") or 0
    try:
        name = hand_over_incident(the_desk(), the_actor(), incident_id, person, request.form.get("message", ""))
        flash(t(f"已移交{name}并发出通知。", f"Handed over to {name}, who is told."))
    except (Conflict, Invalid, NotAllowed) as refusal:
        flash(say(refusal.message), "error")
    return redirect(_HERE)


@PAGES.get("/monitor/hold")
@route_guard("hold.resume")
def show_hold() -> ResponseReturnValue:
    """Show why the installation is on hold, and what a resumption would bring about."""
    return _hold_page()


@PAGES.post("/monitor/hold/resume")
@route_guard("hold.resume")
def lift_hold() -> ResponseReturnValue:
    """Let due work begin again; messages that may have been sent already are sent or dropped as a group."""
    reason, drop = request.form.get("reason", ""), request.form.get("doubtful", "")
    version = find_query_cursor(request.form, "version") or 0
    try:
        dropped = resume_work(the_desk(), the_actor(), version, reason, drop_doubtful=drop == "drop")
    except (Invalid, Conflict) as refusal:
        return _hold_page(say(refusal.message), reason, drop, record_error_status(refusal))
    flash(t(f"已恢复运行，{dropped} 条消息不再发送。", f"Resumed; messages not sent: {dropped}."))
    return redirect("/monitor")


def _hold_page(problem: str = "", reason: str = "", drop: str = "", status: int = 200) -> ResponseReturnValue:
    set_breadcrumbs((t("监控", "Monitor"), "/monitor"), (t("恢复运行", "Resume"), None))
    page = {"view": view_hold(the_desk(), the_actor()), "first": FIRST_LINES}
    typed = {"problem": problem, "reason": reason, "drop": drop}
    return make_response(render_template("monitor/hold.html", **page, **typed), status)
