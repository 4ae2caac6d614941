"""Signing in during a request: the form that was posted is carried along and shown again."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import orjson
from flask import Response, current_app, make_response, redirect, render_template, request
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException

from service.casework.access.actor import Seat
from service.casework.people.factors.passkey_proofs import passkey_site
from service.casework.people.factors.sessions import (
    OpenSession,
    change_session,
    device_cookie,
    find_session,
    keep_alive,
    take_from_session,
)
from service.casework.queries.public.portal import view_contacts
from service.domain.text import Text
from service.web.frame.requests.cookies import DEVICE, SESSION, get_cookie_name, session_token, set_cookie
from service.web.frame.requests.current import say, the_actor, the_desk, the_session, the_settings

CARRIED_FORM_LIMIT = 2_000_000
"""Most characters of a typed form that are carried over a sign-in."""
UNCARRIED_PATHS = "/ballots/"
"""Forms below are filled in again after signing in: a vote must never reach a session, which is stored."""


def ask_to_sign_in(message: Text, *, login: str = "", status: int = 401) -> Response:
    """Return the sign-in page in answer to a form that was sent after the session ended; the form travels with it."""
    if request.path == "/sign-in" or request.path.startswith("/sign-in/"):
        typed_form, back = request.form.get("kept", ""), safe_path(request.form.get("next"))
    else:
        typed_form, back = typed_fields(), page_of_form()
    return make_response(render_sign_in(say(message), back, kept=typed_form, login=login), status)


def render_sign_in(message: str = "", back: str = "/", *, kept: str = "", login: str = "", tone: str = "") -> str:
    """Return the page of signing in with every way to do so here, which leads ``back`` with the form that was ``kept``.

    ``tone`` is that of the ``message``, by itself that of a refusal where a ``login`` was typed.
    """
    return render_template(
        "people/sign_in.html",
        message=message,
        tone=tone or ("late" if login else "info"),
        next=back,
        kept=kept,
        login=login,
        passkeys=passkey_site(the_settings().public_url) is not None,
        contacts=view_contacts(the_desk(), the_actor()),
    )


_YEAR = 365 * 24 * 3600


def begin_session(token: str, back: str) -> Response:
    """Hand the browser its session and go to ``back``; a form typed before comes back there."""
    typed_form = read_carried_form(request.form.get("kept", ""), back)
    if typed_form:
        change_session(the_desk(), token, lambda details: details.update(kept=typed_form))
    answer = make_response(redirect(back))
    set_cookie(answer, SESSION, token)
    session = find_session(the_desk(), token)
    if session is not None and session.actor.person_id is not None:
        place = place_in_address(back)
        seat = next((seat for seat in session.actor.seats if seat.jurisdiction == place), None)
        if seat is not None:
            change_session(the_desk(), token, lambda details: details.update(seat=seat_key(seat)))
        device = device_cookie(the_desk(), session.actor.person_id, signed_in_before())
        set_cookie(answer, DEVICE, device, _YEAR)
    return answer


def seat_key(seat: Seat) -> str:
    """Return what names a seat in forms and in the session."""
    key = f"{seat.jurisdiction}/{seat.role}/{seat.body_id}"
    return f"{key}/for/{seat.lender_id}" if seat.lent else key


def place_in_address(address: str) -> str:
    """Return the place that the address of a page of ours names, "" for none."""
    parts = urlsplit(address)
    try:
        _, named = current_app.url_map.bind("").match(parts.path, method="GET")
    except HTTPException:
        named = {}
    return str(named.get("jurisdiction") or parse_qs(parts.query).get("city", [""])[0])


def signed_in_before() -> str:
    """Return the cookie by which the browser says who signed in here before."""
    return request.cookies.get(get_cookie_name(DEVICE, the_settings()), "")


def safe_path(path: str | None) -> str:
    """Return ``path`` when it leads to a page of ours, else the page that leads everyone to their own place."""
    if not path or not path.startswith("/") or path.startswith(("//", "/\\")) or not path.isprintable():
        return "/"
    if urlsplit(path).netloc:
        return "/"
    return path


def page_before() -> str:
    """Return the page that the posted form names as the one to go back to, else the one it was sent from."""
    target = request.form.get("next")
    referrer = urlsplit(request.referrer or "")
    address = f"{referrer.path}?{referrer.query}" if referrer.query else referrer.path
    return safe_path(target or address)


def returned_fields(path: str) -> MultiDict[str, str] | None:
    """Return the fields that were typed on page ``path`` before the session ended, once; None when there are none."""
    session = the_session()
    if session is None or session.details.get("kept", {}).get("path") != path:
        return None
    typed_form = take_from_session(the_desk(), session_token()[0] or "", "kept")
    return MultiDict([(str(name), str(value)) for name, value in (typed_form or {}).get("fields", [])])


def read_carried_form(text: str, path: str) -> dict[str, Any] | None:
    """Return the carried form as the session keeps it, None when there is nothing worth keeping."""
    if not text or len(text) > CARRIED_FORM_LIMIT or urlsplit(path).path.startswith(UNCARRIED_PATHS):
        return None
    try:
        fields = orjson.loads(text)
    except orjson.JSONDecodeError:
        return None
    if not isinstance(fields, list):
        return None
    pairs = [pair for pair in fields if isinstance(pair, list) and len(pair) == 2]
    return {"path": urlsplit(path).path, "fields": [[str(name), str(value)] for name, value in pairs]}


def typed_fields() -> str:
    """Return the fields of this request as JSON to be carried along; "" for a vote, and where they are too many."""
    if request.path.startswith(UNCARRIED_PATHS):
        return ""
    fields = [[name, value] for name, value in request.form.items(multi=True) if name != "csrf_token"]
    text = orjson.dumps(fields).decode()
    return text if len(text) <= CARRIED_FORM_LIMIT else ""


def page_of_form() -> str:
    """Return the page that the posted form stands on."""
    methods = request.url_rule.methods if request.url_rule else None
    if methods and "GET" in methods:
        return request.full_path.rstrip("?")
    referrer = urlsplit(request.referrer or "")
    return safe_path(f"{referrer.path}?{referrer.query}" if referrer.query else referrer.path)


def note_use(token: str, session: OpenSession) -> None:
    """Keep the session of this request from ending by idleness, unless a page asks by itself while nobody does anything."""
    is_script = request.method == "GET" and request.headers.get("X-Requested-With") == "fetch"
    if not is_script:
        keep_alive(the_desk(), token, session)


def get_remaining_seconds() -> int | None:
    """Return how many seconds the session of this request goes on without use; None where there is none."""
    session = the_session()
    return None if session is None else max(0, int((session.expires_at - the_desk().clock.now()).total_seconds()))


def ask_for_link(title: str, target: str) -> Response:
    """Return the page that takes the secret to ``target`` by POST: by a script at once, without one by pasting the link."""
    return without_referrer(make_response(render_template("components/secret_link.html", title=title, target=target)))


def secret_sent() -> str:
    """Return the secret of the link that was sent, be it the whole link or what stands behind its #."""
    return request.form.get("code", "").rpartition("#")[2].strip()


def without_referrer(answer: Response) -> Response:
    """Let no page that is linked from ``answer`` learn its address."""
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer
