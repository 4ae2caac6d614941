"""The manual in the browser: how a place is modelled, and how each part of the studio is used."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, send_from_directory
from flask.typing import ResponseReturnValue

from service.web.frame.requests.current import language
from service.web.frame.requests.guarding import route_guard
from service.web.public.manual_text import CHAPTERS, IMAGES, chapter, section, sections

PAGES = Blueprint("manual", __name__)


@PAGES.get("/manual")
@route_guard("portal.view")
def index() -> ResponseReturnValue:
    """Lead to the first chapter."""
    return redirect(f"/manual/{CHAPTERS[0].name}")


@PAGES.get("/manual/<name>")
@PAGES.get("/manual/<name>/<anchor>")
@route_guard("portal.view")
def read(name: str, anchor: str = "") -> ResponseReturnValue:
    """Show a section of a chapter, its first where none is named, beside the lists of sections and chapters."""
    one = chapter(name)
    every = sections(one, language())
    shown = section(one, anchor, language())
    at = every.index(shown)
    following = every[at + 1] if at + 1 < len(every) else None
    return render_template(
        "portal/manual.html", chapters=CHAPTERS, chapter=one, sections=every, shown=shown, following=following
    )


@PAGES.get("/manual/images/<name>")
@route_guard("portal.view")
def image(name: str) -> ResponseReturnValue:
    """Return a picture of the manual."""
    return send_from_directory(IMAGES, name, max_age=3600)
