"""A bench served on this machine for a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from threading import Thread

from playwright.sync_api import Browser, BrowserContext
from werkzeug.serving import make_server

from service.casework.people.factors.sessions import open_session
from service.web.frame.requests.cookies import SESSION
from service.web.frame.requests.current import SETTINGS
from service.web.frontend import webbuild
from tests.support.browsers import make_app
from tests.support.desks import Bench
from tests.support.waiting import ended


@contextmanager
def served(bench: Bench, *, by_name: bool = False) -> Iterator[str]:
    """Serve the application over ``bench``, its scripts built; yields the address, ``by_name`` the one it is known by."""
    webbuild.build_bundles()
    app = make_app(bench)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    named = f"http://localhost:{server.port}"
    if by_name:
        app.extensions[SETTINGS] = replace(app.extensions[SETTINGS], public_url=named)
    serving = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    serving.start()
    try:
        yield named if by_name else f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        server.server_close()
        ended(serving)


@contextmanager
def signed_in(chromium: Browser, bench: Bench, login: str, base: str, width: int = 1366) -> Iterator[BrowserContext]:
    """Yield a browser of its own in which ``login`` has signed in."""
    context = chromium.new_context(viewport={"width": width, "height": 768}, locale="zh-CN")
    context.add_cookies([{"name": SESSION, "value": open_session(bench.desk, bench.people[login], 12), "url": base}])
    try:
        yield context
    finally:
        context.close()
