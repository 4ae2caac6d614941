"""Answers of the self-check on their way into an application: with whoever asked, then in their session."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from typing import Any

from flask import Response, make_response, redirect, request
from werkzeug.datastructures import MultiDict

from service.casework.people.factors.sessions import change_session, device_cookie, find_session
from service.domain.errors import Invalid
from service.domain.forms import Form
from service.domain.forms.model import Input, same_object
from service.domain.text import Text
from service.web.frame.requests.carried_text import (
    AT,
    FOR,
    MOST_BYTES,
    CarriedAnswers,
    Pair,
    answers_of,
    packed,
    read_answers,
    unpacked,
)
from service.web.frame.requests.cookies import (
    ANSWERS,
    DEVICE,
    SESSION,
    drop_cookie,
    own_name,
    session_token,
    set_cookie,
)
from service.web.frame.requests.current import say, the_desk, the_session, the_settings
from service.web.frame.requests.sign_in import read_kept, render_sign_in

LASTS = timedelta(hours=2)
"""How long a browser keeps answers for who signs in next."""

_CARRIED = "carried"
_OFFERED = "offered_answers"
_SIGN_IN = Text(
    "请先登录，登录后可以把自查的回答带入申报表。回答在本浏览器保留2小时，关闭浏览器即清除。还没有账号的组织可以先注册。",
    "Sign in first, then you may take your answers into the application. This browser keeps them for two hours, until it"
    " is closed. An organisation without an account may register.",
)
_SIGN_IN_HERE = Text(
    "请在本页用密码登录，登录后可以把自查的回答带入申报表；回答较长，离开本页的须重新填写。还没有账号的组织可以先注册。",
    "Sign in on this page with your password, then you may take your answers into the application. They are long: whoever"
    " leaves this page types them again. An organisation without an account may register.",
)


def answers_sent(boxes: Collection[str]) -> list[Pair]:
    """Return the fields of this request that can be taken along: all but the ``boxes`` that stand for files and texts."""
    names = {"csrf_token", "do", FOR, AT, *boxes}
    return [(name, value) for name, value in request.form.items(multi=True) if name not in names]


def take_along(package: str, form: str, fields: Sequence[Pair], start: str) -> Response | None:
    """Keep ``fields`` for ``form`` of ``package``; where nobody is signed in, return the page that asks them to.

    That page carries the fields itself, to ``start``, so that nothing of a visitor is stored here; for two hours, or until
    it is closed, the browser keeps them too, for who comes by another way than that page: by single sign-on, or with a
    password that the office hands out. Raises Invalid when they are too long.
    """
    answers = CarriedAnswers(package, form, start, tuple(fields), the_desk().clock.now())
    text = answers.text()
    if len(text) > MOST_BYTES:
        raise Invalid(
            Text("回答过长，请直接在申报表中填写。", "The answers are too long: fill in the application itself.")
        )
    if the_session() is None:
        small = packed(text)
        page = make_response(render_sign_in(say(_SIGN_IN if small else _SIGN_IN_HERE), start, kept=text))
        if small:
            set_cookie(page, ANSWERS, small, int(LASTS.total_seconds()))
        return page
    change_session(the_desk(), session_token()[0] or "", lambda details: details.update(_for_session(answers)))
    return None


def answers_in_session(pairs: Sequence[Sequence[str]]) -> dict[str, Any]:
    """Return what a session keeps of answers that came with the page of the sign-in; nothing where they are another form's."""
    answers = answers_of(pairs)
    return {_OFFERED: answers.text()} if answers is not None else {}


def answers_in_browser() -> CarriedAnswers | None:
    """Return the answers that the browser kept on the way to an account; None where it kept none, or for too long."""
    answers = read_answers(unpacked(request.cookies.get(own_name(ANSWERS, the_settings()), "")))
    if answers is None or abs(the_desk().clock.now() - answers.at) > LASTS:
        return None
    return answers


def answers_offered(package: str, form: str = "") -> CarriedAnswers | None:
    """Return answers for ``package``, or only those for its ``form``, that wait for the choice of who is signed in."""
    session = the_session()
    if session is None:
        return None
    answers = read_answers(session.details.get(_OFFERED) or "") or answers_in_browser()
    return answers if answers is not None and answers.package == package and form in ("", answers.form) else None


def settle_offer(answer: Response, package: str, *, take: bool) -> None:
    """Let the answers offered for ``package`` be taken along where ``take``; with ``answer`` the browser keeps none any more."""
    answers = answers_offered(package) if take else None

    def settled(details: dict[str, Any]) -> None:
        details.pop(_OFFERED, None)
        if answers is not None:
            details.update(_for_session(answers))

    change_session(the_desk(), session_token()[0] or "", settled)
    drop_cookie(answer, ANSWERS)


def _for_session(answers: CarriedAnswers) -> dict[str, Any]:
    fields = [list(pair) for pair in answers.fields]
    return {_CARRIED: {"package": answers.package, "form": answers.form, "fields": fields}}


def carried(package: str, form: str = "") -> MultiDict[str, str] | None:
    """Return the answers taken along for ``package``, or only those for its ``form``; None when there are none."""
    kept = _carried_for(package)
    if not kept or (form and kept["form"] != form):
        return None
    return MultiDict([(str(name), str(value)) for name, value in kept["fields"]])


def chosen_alike(form: Form, answers: MultiDict[str, str], taken_over: Mapping[str, str]) -> MultiDict[str, str]:
    """Return ``answers`` with those for choices of ``form`` whose answer is ``taken_over`` into the form that they are for.

    ``taken_over`` has the field of that form by the field of ``form``, as the diagram fills it in. An answer counts
    where the choice offers it.
    """
    found = answers.copy()
    for node in same_object(form.nodes):
        if not isinstance(node, Input) or not isinstance(node.options, tuple) or node.key in answers:
            continue
        offered = {str(option.value) for option in node.options}
        said = answers.get(taken_over.get(node.key, ""), "")
        if said in offered:
            found[node.key] = said
    return found


def carried_form_of(package: str) -> str:
    """Return the form for which answers were taken along for ``package``, "" when there are none."""
    return str(_carried_for(package).get("form", ""))


def _carried_for(package: str) -> Mapping[str, Any]:
    """Return what the session keeps for ``package``, nothing where it keeps answers for none or for another."""
    session = the_session()
    kept: Mapping[str, Any] = (session.details.get(_CARRIED) or {}) if session is not None else {}
    return kept if kept.get("package") == package else {}


def drop_carried() -> None:
    """Forget them: they stand in the application now."""
    change_session(the_desk(), session_token()[0] or "", lambda details: details.pop(_CARRIED, None))


_YEAR = 365 * 24 * 3600


def begun(token: str, back: str) -> Response:
    """Hand the browser its session and go to ``back``; a form typed before comes back there.

    The answers of a self-check that came with the page of the sign-in are offered there, else those that the browser keeps.
    """
    kept = read_kept(request.form.get("kept", ""), back)
    fields = kept["fields"] if kept else []
    more = {"kept": kept} if kept and answers_of(fields) is None else {}
    offered = answers_in_session(fields)
    if more or offered:
        change_session(the_desk(), token, lambda details: details.update(more | offered))
    answer = make_response(redirect(back))
    if offered:
        drop_cookie(answer, ANSWERS)
    set_cookie(answer, SESSION, token)
    session = find_session(the_desk(), token)
    if session is not None and session.actor.person_id is not None:
        known = device_cookie(the_desk(), session.actor.person_id, signed_in_before())
        set_cookie(answer, DEVICE, known, _YEAR)
    return answer


def signed_in_before() -> str:
    """Return the cookie by which the browser says who signed in here before."""
    return request.cookies.get(own_name(DEVICE, the_settings()), "")
