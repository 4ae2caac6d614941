"""Requests sent without a browser's client, for tests that send thousands: half of their time went into writing them.

The client writes each form anew and looks up cookies by the whole address. Here whoever sends many requests writes
their bodies once, and cookies are kept by name.
"""

from __future__ import annotations

from io import BytesIO
from typing import Any
from urllib.parse import unquote_to_bytes

from werkzeug.test import create_environ
from werkzeug.wrappers import Response

from service.web.frame.requests.cookies import SESSION, get_cookie_name
from service.web.frame.requests.current import SETTINGS
from tests.support.browsers import Browser, mark_of

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"


class BareRequests:
    """Sends what the browser of one person could, with that person's session and the mark of the forms."""

    def __init__(self, browser: Browser) -> None:
        self.app = browser.app
        self._base: dict[str, Any] = create_environ("/")
        self._cookies: dict[str, str] = {}
        if browser.login is not None:
            self._cookies[get_cookie_name(SESSION, self.app.extensions[SETTINGS])] = browser.token
        self.mark = ""
        self.mark = mark_of(self.send("GET", "/portal").get_data(as_text=True))

    def send(self, method: str, path: str, query: str = "", body: bytes = b"", kind: str = FORM) -> Response:
        """Send one request; ``path`` and ``query`` are as they stand in an address."""
        environ = {
            **self._base,
            "REQUEST_METHOD": method,
            "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
            "QUERY_STRING": query,
            "CONTENT_LENGTH": str(len(body)),
            "CONTENT_TYPE": kind if body else "",
            "wsgi.input": BytesIO(body),
            "HTTP_COOKIE": "; ".join(f"{name}={value}" for name, value in self._cookies.items()),
            "HTTP_X_CSRF_TOKEN": self.mark,
        }
        answer = Response.from_app(self.app, environ, buffered=True)
        for line in answer.headers.getlist("Set-Cookie"):
            name, _, value = line.partition(";")[0].partition("=")
            self._cookies[name] = value
        return answer
