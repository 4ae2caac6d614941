"""The context of the current request: desk, settings, actor and language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import cast

from flask import current_app, g, request

from service.casework.access.actor import Actor
from service.casework.access.guards import Guard
from service.casework.desk.desk import Desk
from service.casework.people.factors.sessions import OpenSession
from service.domain.text import Text, text_of
from service.domain.translation import languages, translate_sentence
from service.settings import Settings

DESK, SETTINGS = "laurel.desk", "laurel.settings"

VISITOR = Actor(None, "访客")
"""Whoever reads without an account."""


def the_desk() -> Desk:
    """Return the desk that the application was made with."""
    return cast(Desk, current_app.extensions[DESK])


def the_settings() -> Settings:
    """Return the settings that the application was made with."""
    return cast(Settings, current_app.extensions[SETTINGS])


def the_actor() -> Actor:
    """Return the actor of the request; ``VISITOR`` without a signed-in person."""
    return cast(Actor, g.actor)


def the_session() -> OpenSession | None:
    """Return the session of the request, None without a signed-in person."""
    return cast("OpenSession | None", g.session)


def requested_guard() -> Guard | None:
    """Return the guard of what is asked for: of a page, or of the file that it hands out where ``?format=`` asks for one."""
    view = current_app.view_functions.get(request.endpoint or "")
    guards: Mapping[str, Guard] = getattr(view, "file_guards", {})
    return guards.get(request.args.get("format", "")) or getattr(view, "guard", None)


def language() -> str:
    """Return the reader's language: as chosen by switch, then as the person's account says, then Chinese."""
    cached_language = g.get("language")  # asked for with every sentence of a page
    if cached_language is not None:
        return cast(str, cached_language)
    if "session" not in g:
        return _get_language(None)
    g.language = _get_language(the_session())
    return cast(str, g.language)


def _get_language(session: OpenSession | None) -> str:
    chosen = request.cookies.get("laurel_language")
    if chosen in languages():
        return str(chosen)
    return session.language if session else "zh"


def t(zh: str, en: str) -> str:
    """Return the sentence in the reader's language."""
    return say_in(zh, en, language())


def say_in(zh: str, en: str, lang: str) -> str:
    """Return the sentence in ``lang``."""
    if lang == "zh":
        return zh
    return en if lang == "en" else translate_sentence(zh, lang)


@cache
def build_translator(lang: str) -> Callable[[str, str], str]:
    """Return what gives a sentence in ``lang``, for a page that says hundreds: the same one for each page."""
    if lang == "zh":
        return lambda zh, _en: zh
    return lambda zh, en: say_in(zh, en, lang)


def say(text: Text | Mapping[str, str] | str | None) -> str:
    """Return a stored or declared sentence in the reader's language, "" for none."""
    if text is None:
        return ""
    if isinstance(text, str):
        return translate_sentence(text, language())
    return (text if isinstance(text, Text) else text_of(text)).pick(language())


MACHINES = ("/livez", "/readyz", "/metrics")
"""Addresses that supervisors and monitoring systems ask, which say of no kind of answer that they want it."""


def wants_json() -> bool:
    """Return whether the answer goes to a program or a script of the page."""
    if request.path.startswith("/api/") or request.headers.get("X-Requested-With") == "fetch":
        return True
    if request.path in MACHINES:
        return "text/html" not in request.headers.get("Accept", "")
    best = request.accept_mimetypes.best_match(["text/html", "application/json"])
    return best == "application/json" and "text/html" not in request.headers.get("Accept", "")
