"""A session that has just begun, handed to the browser; it is known from then on as one of its owner's."""

from __future__ import annotations

from flask import Response, make_response, redirect, request

from service.casework.people.factors.known_devices import device_cookie
from service.casework.people.factors.sessions import change_session, find_session
from service.web.frame.requests.carried_answers import answers_in_session
from service.web.frame.requests.carried_text import answers_of
from service.web.frame.requests.cookies import ANSWERS, DEVICE, SESSION, drop_cookie, own_name, set_cookie
from service.web.frame.requests.current import the_desk, the_settings
from service.web.frame.requests.sign_in import read_kept

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
