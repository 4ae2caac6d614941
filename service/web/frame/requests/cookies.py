"""The cookies, the mark of forms against CSRF, and messages shown once."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from typing import Any

import orjson
from flask import Response, g, request
from werkzeug.exceptions import MethodNotAllowed

from service.casework.people.factors.sessions import change_session, take_from_session
from service.domain.errors import LaurelError, NotAllowed
from service.domain.proof.signing import is_same_text
from service.domain.text import Text
from service.settings import Settings
from service.web.frame.requests.current import the_desk, the_session, the_settings

SESSION = "laurel_session"
VISITOR_FORMS = "laurel_forms"
ERRAND = "laurel_errand"
LANGUAGE = "laurel_language"
DEVICE = "laurel_device"
_HOST = "__Host-"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
"""Methods that change nothing, for which a session's cookie is enough."""


class StaleForm(NotAllowed):
    """A form came back without the mark it was given out with."""

    code = "stale_form"


class BasicRefused(NotAllowed):
    """A program sent a password with its request."""

    code = "basic_refused"


def session_token() -> tuple[str | None, bool]:
    """Return the token of the session, and whether it came as a bearer token instead of a cookie."""
    scheme, _, value = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "basic":
        raise BasicRefused(
            Text(
                "不接受随每次请求发送密码。请先用 POST /api/v1/session 换取令牌，再以 Bearer 方式使用。",
                "Passwords are not taken with every request: get a token by POST /api/v1/session and send it as Bearer.",
            )
        )
    if scheme.lower() == "bearer" and value:
        return value.strip(), True
    return request.cookies.get(get_cookie_name(SESSION, the_settings())), False


def csrf_token() -> str:
    """Return the mark that forms of this page carry; a visitor's browser gets a cookie to compare it with."""
    session = the_session()
    if session is None and "visitor_secret" not in g:
        g.visitor_secret = request.cookies.get(_get_forms_cookie()) or secrets.token_urlsafe(24)
    return _compute_mark(g.visitor_secret) if session is None else session.csrf


def check_csrf() -> None:
    """Raise StaleForm unless an unsafe request carries the mark of the session or of the visitor's browser.

    A bearer token is not sent by browsers on their own, so it needs no mark; nor does a method that nothing serves.
    """
    if request.method in SAFE or g.bearer or isinstance(request.routing_exception, MethodNotAllowed):
        return
    session = the_session()
    if session is None and request.endpoint == "account.sign_out":
        return  # signed out already: nothing changes
    if request.endpoint == "api.begin_session" or (request.is_json and session is None and request.blueprint == "api"):
        return  # JSON alone is read, which other sites cannot send without asking; nothing is done in anybody's name
    secret = request.cookies.get(_get_forms_cookie())
    expected = session.csrf if session else _compute_mark(secret) if secret else None
    token = request.headers.get("X-CSRF-Token") or request.form.get("csrf_token", "")
    if expected is None or not is_same_text(expected, token):
        raise StaleForm(
            Text(
                "页面停留时间过长或已在别处重新登录，内容没有提交。"
                "请核对上方显示的登录人，再提交一次（按“再试一次”，没有这个按钮的返回上一页、刷新后重填）。",
                "This page was open too long, or you signed in again elsewhere: nothing was done. See above who is signed"
                " in and send it again (press “Try again”; where there is none, go back, reload and fill it in).",
            )
        )


def keep_cookies(answer: Response) -> Response:
    """Give a visitor who was handed a form the cookie that belongs to it."""
    if "visitor_secret" in g and request.cookies.get(_get_forms_cookie()) != g.visitor_secret:
        set_cookie(answer, VISITOR_FORMS, g.visitor_secret)
    return answer


def set_cookie(answer: Response, name: str, value: str, seconds: int | None = None) -> None:
    """Set a cookie that scripts cannot read and other sites cannot send."""
    answer.set_cookie(
        get_cookie_name(name, the_settings()),
        value,
        max_age=seconds,
        httponly=True,
        samesite="Lax",
        secure=the_settings().https,
        path="/",
    )


def drop_cookie(answer: Response, name: str) -> None:
    """Remove a cookie."""
    answer.delete_cookie(
        get_cookie_name(name, the_settings()), httponly=True, samesite="Lax", secure=the_settings().https, path="/"
    )


def get_cookie_name(name: str, settings: Settings) -> str:
    """Return the name of a cookie here.

    Over HTTPS the cookies that open something are bound to this host: no neighbouring site of the domain can set them
    (RFC 6265bis §4.1.3.2).
    """
    if name not in (SESSION, VISITOR_FORMS, DEVICE, ERRAND):
        return name
    return f"{_HOST if settings.https else ''}{name}"


def _get_forms_cookie() -> str:
    return get_cookie_name(VISITOR_FORMS, the_settings())


def _compute_mark(secret: str) -> str:
    return hashlib.sha256(f"laurel forms {secret}".encode()).hexdigest()


COOKIE = "laurel_told"
_MOST_CHARACTERS = 3000
"""Browsers drop a cookie of more than four thousand."""
_MESSAGES = "messages"


def flash(message: str, tone: str = "ok") -> None:
    """Show ``message`` once on the next page; tone: ok, info, warning, error."""
    if the_session() is not None:
        g.setdefault("to_tell", []).append([tone, message])


def take_flashed(with_categories: bool = False) -> list[Any]:
    """Return the messages to show on this page, which is the only one that shows them."""
    if "session" not in g or the_session() is None:
        return []
    messages = [*_in_session(), *_in_cookie(), *g.pop("to_tell", [])]
    g.flashed = True
    return [(tone, message) if with_categories else message for tone, message in messages]


def keep_flashed(answer: Response) -> Response:
    """Give the browser what the next page is to show, and take back what this one has shown."""
    fresh = g.get("to_tell")
    if not fresh:
        if g.get("flashed") and COOKIE in request.cookies:
            drop_cookie(answer, COOKIE)
        return answer
    waiting = [] if g.get("flashed") else _in_cookie()
    text = urlsafe_b64encode(orjson.dumps([*waiting, *fresh])).decode()
    if len(text) <= _MOST_CHARACTERS:
        set_cookie(answer, COOKIE, f"{text}.{_sign_messages(text)}")
    else:
        change_session(
            the_desk(), session_token()[0] or "", lambda details: details.setdefault(_MESSAGES, []).extend(fresh)
        )
    return answer


def _in_session() -> list[list[str]]:
    session = the_session()
    if session is None or not session.details.get(_MESSAGES):
        return []
    try:
        return take_from_session(the_desk(), session_token()[0] or "", _MESSAGES) or []
    except LaurelError:
        return []  # the page is shown all the same; the message waits for a better moment


def _in_cookie() -> list[list[str]]:
    """Return what the cookie says, where it bears the mark of this session: nobody else can put words on the page."""
    text, _, mark = request.cookies.get(COOKIE, "").partition(".")
    if not text or not mark.isascii() or not is_same_text(mark, _sign_messages(text)):
        return []
    try:
        entries: list[list[str]] = orjson.loads(urlsafe_b64decode(text))
    except (Error, ValueError):
        return []
    return entries


def _sign_messages(text: str) -> str:
    session = the_session()
    key = session.csrf if session else ""
    return hmac.new(key.encode(), f"laurel told {text}".encode(), hashlib.sha256).hexdigest()
