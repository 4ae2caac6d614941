"""Pages on which a draft is submitted, reviewed, published, and a version withdrawn."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from service.casework.definitions.deploy import PackageRefused
from service.casework.queries.own_place.inbox import mark_page_read
from service.casework.studio.drafts.view_draft import view_draft
from service.casework.studio.publication.publish_draft import (
    PublicationView,
    publish_draft,
    view_publication,
    withdraw_version,
)
from service.casework.studio.publication.review_draft import (
    OUTDATED,
    TypedAmendment,
    review_draft,
    state_amendment,
    submit_draft,
    take_back_draft,
)
from service.domain.calendar import local_date
from service.domain.errors import Conflict, Invalid, LaurelError
from service.web.frame.page.frame import flash
from service.web.frame.requests.current import say, t, the_actor, the_desk
from service.web.frame.requests.guarding import route_guard
from service.web.frame.requests.parse_values import day_or_none
from service.web.frame.requests.refusals import status_of
from service.web.presentation import KIND_NAMES, date_words
from service.web.studio.frame import editor_of, names_of, opened_at, studio_page, studio_pages

PAGES = studio_pages("studio_publish")
_NAMED = 4


@PAGES.get("/publish")
@route_guard("draft.view")
def index(draft: int) -> ResponseReturnValue:
    """Show what a decision rests on, and what may be done now; messages that lead here are read by that."""
    mark_page_read(the_desk(), the_actor(), request.path)
    return _render_page(draft)


@PAGES.post("/publish")
@route_guard("draft.edit")
def act(draft: int) -> ResponseReturnValue:
    """Hand the draft to a second person, take it back, or say whether the version applies to running cases."""
    desk, actor, form = the_desk(), the_actor(), request.form
    act = form.get("do", "")
    if act == "take_back":
        return _do_act(draft, lambda: take_back_draft(desk, actor, draft), t("已取回，可以继续修改。", "Taken back."))
    if act != "running":
        return _submit_for_review(draft)

    def submit_amendment() -> None:
        applies, clauses = form.get("applies") == "yes", tuple(form.getlist("clauses"))
        typed = TypedAmendment(applies, clauses, day_or_none("since"), form.get("note", ""))
        state_amendment(desk, actor, draft, typed, opened_at())

    return _do_act(draft, submit_amendment, t("已写进草稿。", "Written into the draft."))


def _submit_for_review(draft: int) -> ResponseReturnValue:
    try:
        reviewers = submit_draft(the_desk(), the_actor(), draft, request.form.get("note", ""))
    except (Invalid, Conflict) as refusal:
        return _render_page(draft, refusal), status_of(refusal)
    if reviewers:
        zh, en = "、".join(reviewers[:_NAMED]), ", ".join(reviewers[:_NAMED])
        rest = len(reviewers) > _NAMED
        flash(
            t(
                f"已提交，等待复核：由{zh}{f'等{len(reviewers)}人' if rest else ''}复核{'，任何一位即可' if reviewers[1:] else ''}；已发消息。",
                f"Submitted: {en}{f' and {len(reviewers) - _NAMED} more' if rest else ''} may review it and were sent a message.",
            )
        )
    else:
        flash(
            t(
                "已提交，但现在没有人可以复核：请管理员另任命一位设计人员。",
                "Submitted, but nobody may review it: ask an administrator to appoint another designer.",
            ),
            "warning",
        )
    return redirect(url_for("studio_publish.index", draft=draft))


@PAGES.post("/publish/review")
@route_guard("draft.review")
def review(draft: int) -> ResponseReturnValue:
    """Approve or return."""
    form = request.form
    approved = form.get("do") == "approve"
    message = (
        t("已通过，待发布。", "Approved; to be published.")
        if approved
        else t("已退回作者修改。", "Returned to its author.")
    )
    return _do_act(
        draft,
        lambda: review_draft(the_desk(), the_actor(), draft, approved, form.get("reason", ""), seen=form.get("seen")),
        message,
    )


@PAGES.post("/publish/version")
@route_guard("draft.publish")
def publish(draft: int) -> ResponseReturnValue:
    """Publish, today or from a day on; or let new cases use the version before."""
    if request.form.get("do") == "withdraw":
        return _withdraw_version(draft)
    try:
        first = day_or_none("from")
    except Invalid as refusal:
        return _render_page(draft, refusal), status_of(refusal)
    if first and first > local_date(the_desk().clock.now()):
        message = t(
            f"已排定自{date_words(first)}起生效；在此之前可以取回。",
            f"It begins on {date_words(first, 'en')}; until then it can be taken back.",
        )
    else:
        message = t(
            "已发布；自生效之日起启动的届次按新版本办理。",
            "Published: rounds that start from that day on use it.",
        )
    return _do_act(draft, lambda: publish_draft(the_desk(), the_actor(), draft, first), message)


def _withdraw_version(draft: int) -> ResponseReturnValue:
    key = view_draft(the_desk(), the_actor(), draft).row.package
    version, reason = request.form.get("version", ""), request.form.get("reason", "")
    try:
        withdraw_version(the_desk(), the_actor(), key, version, reason)
    except (Invalid, Conflict) as refusal:
        return _render_page(draft, refusal), status_of(refusal)
    flash(t("已撤回，新办件改用以前的版本。", "Withdrawn: new cases use the version before."))
    return redirect(f"/law/{key}/versions/{version}")


def _do_act(draft: int, work: Callable[[], object], message: str) -> ResponseReturnValue:
    try:
        work()
    except (Invalid, Conflict) as refusal:
        return _render_page(draft, refusal), status_of(refusal)
    flash(message)
    return redirect(url_for("studio_publish.index", draft=draft))


def _render_page(draft: int, refusal: LaurelError | None = None) -> str:
    publication = view_publication(the_desk(), the_actor(), draft)
    refused = refusal.problems if isinstance(refusal, PackageRefused) else ()
    view = view_draft(the_desk(), the_actor(), draft)
    return studio_page(
        "publish.html",
        view,
        "studio_publish.index",
        names=names_of(view),
        editor_of=editor_of,
        found=publication,
        problem=_describe_refusal(refusal) if refusal else "",
        refused=refused,
        typed=_list_refused_fields(refusal),
        has_form=refusal is None or _has_form(publication),
        kinds=KIND_NAMES,
        outdated=OUTDATED if view.newer else None,
        clauses=view.package.law.clauses.values(),
    )


def _describe_refusal(refusal: LaurelError) -> str:
    if not isinstance(refusal, PackageRefused):
        return say(refusal.message)
    count = len(refusal.problems)
    if _form_sent() == "submit":
        return (
            t("草稿有 %s 处错误，没有提交复核。请先改正：", "Not submitted, errors in the draft: %s. Correct first:")
            % count
        )
    return t("草稿有 %s 处错误，没有发布。请先改正：", "Not published, errors in the draft: %s. Correct first:") % count


def _form_sent() -> str:
    """Return which form of the page the request sent."""
    act = request.form.get("do", "")
    return "review" if act in ("approve", "return") else act


def _has_form(publication: PublicationView) -> bool:
    """Say whether the form of the request is on the page still."""
    forms = {
        "submit": publication.may_submit, "review": publication.may_review, "running": publication.may_edit, "publish": publication.may_publish,
        "withdraw": publication.may_withdraw,
    }  # fmt: skip
    return forms.get(_form_sent(), True)


def _list_refused_fields(refusal: LaurelError | None) -> dict[str, MultiDict[str, str]]:
    """Return what was refused by the act that its form asked for: fields of several forms have one name."""
    typed: dict[str, MultiDict[str, str]] = defaultdict(MultiDict)
    if refusal is not None:
        typed[_form_sent()] = request.form
    return typed
