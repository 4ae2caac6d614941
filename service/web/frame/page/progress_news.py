"""Answer a page that asks how far work over many cases has come since it was shown."""

from __future__ import annotations

from flask import Response, jsonify, request

from service.web.frame.requests.current import t
from service.web.frame.requests.parse_values import cursor


def progress_news(done: int) -> Response:
    """Say how many of the ``done`` cases got their result after the ``since`` that the page counted."""
    fresh = max(0, done - (cursor(request.args, "since") or 0))
    message = t(f"又有 {fresh} 件有了结果，点此更新", f"{fresh} more have a result: show them")
    return jsonify(count=fresh, message=message)
