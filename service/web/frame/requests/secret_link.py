"""One-time links whose secret stands behind the #: browsers keep it to themselves, so that no history or log has it."""

from __future__ import annotations

from flask import Response, make_response, render_template, request


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
