"""The health endpoint of this process for monitoring."""

from __future__ import annotations

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from service.web.frame.current import the_desk
from service.web.frame.guarding import route_guard

PAGES = Blueprint("health", __name__)


@PAGES.get("/health")
@route_guard("portal.view")
def health() -> ResponseReturnValue:
    """Answer 200 while the database can be read, else 503; tells how much due work waits, and whether a doubt about the clock holds it."""
    desk = the_desk()
    with desk.store.read() as tx:
        waiting, held = tx.work.due_count(desk.clock.now()), tx.clock.held() is not None
    return jsonify(status="ok", due=waiting, clock="in doubt" if held else "ok")
