"""The number of a request, and the line that the log has of each."""

from __future__ import annotations

import logging
import re
import secrets
import time
from typing import Any

from flask import Flask, Response, g, request

from service.domain.running.log_lines import begin_about, forget_about
from service.web.frame.requests.current import the_settings

LOG = logging.getLogger("laurel.request")
HEADER = "X-Request-ID"

_NUMBER = re.compile(r"[A-Za-z0-9._-]{8,64}")
_QUIET = ("static", "health.livez", "health.health", "health.metrics")
"""What is asked every few seconds by no person."""


def log_requests(app: Flask) -> None:
    """Number every request of ``app``, say the number in every line of the log, and write a line when it is answered.

    The number is the proxy's, where a trusted one gives any. Lines name the endpoint and never the address that was
    asked for, which may hold what only its reader should know.
    """

    def begin() -> None:
        g.request_id = _number()
        g.asked_at = time.perf_counter()
        forget_about()
        begin_about(request=g.request_id, **_subjects())

    def end(answer: Response) -> Response:
        if "request_id" in g:
            answer.headers[HEADER] = g.request_id
            if request.endpoint not in _QUIET:
                took = round((time.perf_counter() - g.asked_at) * 1000, 1)
                more = {
                    "endpoint": request.endpoint,
                    "method": request.method,
                    "status": answer.status_code,
                    "ms": took,
                }
                LOG.info("%s %s %s", request.method, request.endpoint, answer.status_code, extra={"more": more})
        return answer

    def forget(_error: BaseException | None) -> None:
        forget_about()

    app.before_request(begin)
    app.after_request(end)
    app.teardown_request(forget)


def request_number() -> str:
    """Return the number of this request; empty where it has none yet."""
    return str(g.get("request_id", ""))


def _number() -> str:
    given = request.headers.get(HEADER, "")
    trusted = the_settings().trusted_proxy
    return given if trusted and _NUMBER.fullmatch(given) else secrets.token_hex(8)


def _subjects() -> dict[str, Any]:
    """Return the case and the task that the address names."""
    named = request.view_args or {}
    found = {"case": named.get("case_id"), "task": named.get("task_id", named.get("task"))}
    return {name: value for name, value in found.items() if isinstance(value, int)}
