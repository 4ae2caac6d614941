"""A page in a language that is written from right to left, in a real browser."""

from __future__ import annotations

import hashlib
import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages import Catalog
from babel.messages.mofile import write_mo
from playwright.sync_api import Browser
from werkzeug.serving import make_server

from deploy.languages.extract import collected
from service.casework.people.factors.sessions import open_session
from service.domain.translation import install_catalogues
from service.store import Store
from service.web.frame.requests.cookies import LANGUAGE, SESSION
from tests.support.browsers import make_app
from tests.support.desks import Bench, make_bench

WORDS = [
    "ئۇيغۇر",
    "ئاپتونوم",
    "رايونى",
    "سۈپەت",
    "مۇكاپاتى",
    "باھالاش",
    "ئىلتىماس",
    "تەشكىلات",
    "ھۆججەت",
    "ئۇقتۇرۇش",
    "نەتىجە",
    "يوللاش",
    "ساقلاش",
]


def pseudo(zh: str) -> str:
    """Return words of about the same length, always the same for the same sentence; holes are kept."""
    at = int(hashlib.sha256(zh.encode()).hexdigest(), 16)
    count = min(max(1, len(zh) // 3), 12)
    return " ".join([*(WORDS[(at >> 4 * place) % len(WORDS)] for place in range(count)), *re.findall(r"\{\d+\}", zh)])


@pytest.fixture(scope="module")
def words() -> list[str]:
    """Every sentence that is there to be translated."""
    return [str(message.id) for message in collected() if message.id]


@pytest.fixture
def bench(sqlite_store: Store) -> Bench:
    return make_bench(sqlite_store)


@pytest.fixture
def address(bench: Bench, words: list[str], tmp_path: Path) -> Iterator[str]:
    """Serves the small award with a catalogue of that language."""
    catalog = Catalog(locale="ug", fuzzy=False)
    names = ("测试市质量奖", "测试市", "填写申报书", "审核", "申报")
    for zh in (*words, *names):
        catalog.add(zh, pseudo(zh))
    with (tmp_path / "ug.mo").open("wb") as file:
        write_mo(file, catalog)
    server = make_server("127.0.0.1", 0, make_app(bench, LAUREL_LANGUAGES=str(tmp_path)), threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    install_catalogues({})


@pytest.mark.parametrize("width", [1100, 390])
def test_pages_are_mirrored_and_stay_within_the_window(
    bench: Bench, address: str, chromium: Browser, width: int
) -> None:
    bench.started()
    context = chromium.new_context(viewport={"width": width, "height": 800})
    token = open_session(bench.desk, bench.people["applicant"], 12)
    context.add_cookies([{"name": n, "value": v, "url": address} for n, v in ((SESSION, token), (LANGUAGE, "ug"))])
    page = context.new_page()
    for path in ("/tasks/1", "/cases/1", "/tasks", "/portal"):
        page.goto(address + path)
        box = page.locator("a.brand").bounding_box()
        assert box is not None
        assert box["x"] + box["width"] > width - 60, path  # the head begins at the right
        assert page.locator("main").evaluate("it => getComputedStyle(it).direction") == "rtl"
        assert page.locator("html").evaluate("node => node.scrollWidth") <= width, path
    context.close()
