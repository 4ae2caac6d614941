from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from threading import Thread

import pytest
from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server

from service.casework.people.factors.sessions import open_session
from service.office.pdf import Printer
from service.store import Store
from service.web.frame.requests.cookies import SESSION
from service.web.frontend import webbuild
from tests.support.browsers import make_app
from tests.support.lakeside import Lakeside, make_lakeside

REFUSED = re.compile(r"Content Security Policy|Trusted\w+' assignment")
"""What a browser says where the policy of contents kept something from happening."""


@pytest.fixture
def town(sqlite_store: Store) -> Lakeside:
    """The miniature with people, designers among them."""
    webbuild.build_bundles()
    town = make_lakeside(sqlite_store)
    town.desk = replace(town.desk, printer=Printer())
    return town


@pytest.fixture
def base(town: Lakeside) -> Iterator[str]:
    """The address at which it is served."""
    server = make_server("127.0.0.1", 0, make_app(town), threaded=True)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()


@pytest.fixture
def page(chromium: Browser, town: Lakeside, base: str) -> Iterator[Page]:
    """A page of a designer at work, at the size of an office screen; errors of scripts fail the test."""
    context = chromium.new_context(viewport={"width": 1366, "height": 768})
    token = open_session(town.desk, town.people["designer"], 12)
    context.add_cookies([{"name": SESSION, "value": token, "url": base}])
    page, wrong = context.new_page(), []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda said: wrong.append(said.text) if REFUSED.search(said.text) else None)
    yield page
    context.close()
    assert wrong == []
