"""Every page to which a person of the demonstration is led opens, fits its screen and is accessible, in both languages.

The ordinary run takes one person on one screen in one language; `make walk` takes all of them, wide and narrow, in both.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.support.accessibility import axe
from tests.support.demonstration import play, served_demonstration
from tests.support.led_to import PERSONS, kind_of, led_to
from tests.support.pictures import keep_picture
from tests.support.samples import sample

SIZES = {"office": (1366, 768), "phone": (390, 844)}
WAYS = [(login, size, language) for language in ("zh", "en") for size in SIZES for login in PERSONS]
MOST = 60
"""Pages of one person; of those that differ by a number or a place alone one is looked at."""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served_demonstration(tmp_path_factory.mktemp("every-page")) as base:
        yield base


@pytest.mark.parametrize(("login", "size", "language"), sample(WAYS, len(WAYS)))
def test_every_page_of_a_person_opens_fits_and_is_accessible(
    address: str, chromium: Browser, login: str, size: str, language: str
) -> None:
    width, height = SIZES[size]
    context = chromium.new_context(
        viewport={"width": width, "height": height}, locale="zh-CN", base_url=address, reduced_motion="reduce"
    )
    page, wrong = context.new_page(), list[str]()
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    play(page, login, language)
    found, looked, waiting = dict[str, list[str]](), set[str](), ["/", "/home" if login else "/portal"]
    while waiting and len(looked) < MOST:
        path = waiting.pop(0)
        if kind_of(path) in looked:
            continue
        looked.add(kind_of(path))
        answer = page.goto(path)
        keep_picture(page, f"{login or 'visitor'}{kind_of(path)}-{language}-{size}")
        objections = [*wrong, *axe(page, serious=True)]
        wide = page.locator("html").evaluate("node => node.scrollWidth - innerWidth")
        if wide > 0:
            objections.append(f"{wide} pixels too wide")
        if answer is None or answer.status != 200:
            objections.append(f"answered {answer and answer.status}")
        if objections:
            found[path] = objections
        wrong.clear()
        waiting += led_to(page.content())
    context.close()
    assert len(looked) > 5
    assert found == {}
