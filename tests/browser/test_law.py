"""From a clause to the element that carries it out and back, in the browser."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

import pytest
from playwright.sync_api import Browser, Page, expect
from werkzeug.serving import make_server

from service.casework.people.factors.sessions import open_session
from service.store import Store
from service.web.frame.requests.cookies import SESSION
from service.web.frontend import webbuild
from tests.support.browsers import make_app
from tests.support.lakeside import KEY, Lakeside, make_lakeside


@contextmanager
def served(town: Lakeside) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, make_app(town), threaded=True)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()


@contextmanager
def opened(chromium: Browser, town: Lakeside, base: str, width: int) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": width, "height": 844})
    context.add_cookies([{"name": SESSION, "value": open_session(town.desk, town.people["admin"], 12), "url": base}])
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("width", [1280, 390])
def test_a_clause_leads_to_its_element_and_an_element_to_its_clauses(
    chromium: Browser, sqlite_store: Store, width: int
) -> None:
    webbuild.build()
    town = make_lakeside(sqlite_store)
    with served(town) as base, opened(chromium, town, base, width) as page:
        page.goto(f"{base}/law/lakeside/clauses/LS-4")
        page.get_by_role("link", name="决定是否受理").click()
        expect(page).to_have_url(f"{base}/law/{KEY}/diagrams/lakeside_application?element=decide")
        expect(page.locator(".djs-element.is-focus[data-element-id=decide]")).to_be_in_viewport()
        expect(page.locator("section[data-element=decide]")).to_be_visible()
        expect(page.locator("section[data-element=examine]")).to_be_hidden()
        page.get_by_role("button", name="全部图元").click()
        expect(page.locator("section[data-element=examine]")).to_be_visible()
        page.locator("section[data-element=examine]").get_by_role("link").click()
        expect(page).to_have_url(f"{base}/law/lakeside/clauses/LS-3")
