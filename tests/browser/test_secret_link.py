"""A one-time link in a browser: what stands behind its # goes on by itself, and neither address nor history keep it."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Browser, expect

from service.casework.access.actor import AUDIT_ADMINISTRATOR, SYSTEM
from service.casework.people.accounts.office_links import offer_offices
from service.store import Store
from tests.support.desks import make_bench
from tests.support.served import served


def test_the_secret_is_never_sent_in_an_address_and_leaves_the_history(
    sqlite_url: str, open_store: Callable[[str], Store], chromium: Browser
) -> None:
    bench = make_bench(open_store(sqlite_url))
    with served(bench) as base:
        offices = offer_offices(bench.desk, SYSTEM, base, (AUDIT_ADMINISTRATOR,))
        link = next(one.link for one in offices if one.role == AUDIT_ADMINISTRATOR)
        secret = link.rpartition("#")[2]
        page, asked = chromium.new_page(locale="zh-CN"), []
        page.on("request", lambda request: asked.append(request.url.partition("#")[0]))
        page.goto(link)
        expect(page.get_by_role("heading", name="审计管理员")).to_be_visible()
        assert [url for url in [*asked, page.url] if secret in url] == []
        page.go_back()
        assert secret not in page.url
        page.close()
