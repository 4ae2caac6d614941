"""Every page of a draft opens under the policy, fits its screen and is accessible, wide and narrow, in both languages.

The ordinary run looks at each page once, on one of the screens in one of the languages; `make walk` in all four ways.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext

from service.casework.people.factors.sessions import open_session
from service.casework.studio.drafts.open_draft import open_draft
from service.casework.studio.drafts.view_draft import view_draft
from service.web.frame.requests.cookies import SESSION
from tests.support.accessibility import axe
from tests.support.browsers import make_app
from tests.support.lakeside import KEY, Lakeside
from tests.support.pictures import keep_picture
from tests.support.samples import is_sampled
from tests.support.settling import Settling

LANGUAGES = ("zh", "en")
SIZES = {"office": (1366, 768), "phone": (390, 844)}
PLACE = 4
"""Slashes in the address of a place of a draft; its navigation leads there, so it must open."""
EDITORS = {
    "/diagrams/edit": "diagram",
    "/tables/edit": "table",
    "/forms/edit": "form",
    "/documents/edit": "document",
    "/scenarios/edit": "scenario",
}
"""Pages that open one file, by the kind that they edit."""


def pages_of(town: Lakeside, draft: int) -> Iterator[str]:
    """Yield the address of every page of a draft that needs nothing else to be said."""
    first: dict[str, str] = {}
    for file in view_draft(town.desk, town.designer, draft).files:
        first.setdefault(file.kind.value, file.path)
    for rule in make_app(town).url_map.iter_rules():
        if not rule.rule.startswith("/studio") or "GET" not in (rule.methods or ()):
            continue
        path = rule.rule.replace("<int:draft>", str(draft))
        if path.endswith("/edit") and rule.rule.removeprefix("/studio/drafts/<int:draft>") in EDITORS:
            yield f"{path}?path={first[EDITORS[rule.rule.removeprefix('/studio/drafts/<int:draft>')]]}"
        elif "<" not in path and not re.search(r"\.\w+$|/(preview|export|edit|file|handbook|source|progress)\b", path):
            yield path


@pytest.fixture(params=SIZES)
def context(request: pytest.FixtureRequest, chromium: Browser, town: Lakeside, base: str) -> Iterator[BrowserContext]:
    width, height = SIZES[request.param]
    context = chromium.new_context(viewport={"width": width, "height": height}, locale="zh-CN")
    token = open_session(town.desk, town.people["designer"], 12)
    context.add_cookies([{"name": SESSION, "value": token, "url": base}])
    yield context
    context.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_fits_and_is_accessible(
    context: BrowserContext, town: Lakeside, base: str, language: str, request: pytest.FixtureRequest
) -> None:
    context.add_cookies([{"name": "laurel_language", "value": language, "url": base}])
    draft = open_draft(town.desk, town.designer, KEY, "一个名称很长的草稿：公示期改为七个工作日并增加复核一级" * 2)
    page, wrong = context.new_page(), list[str]()
    settling = Settling(page)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    found = {}
    width = page.viewport_size["width"] if page.viewport_size else 0
    way = LANGUAGES.index(language) * 2 + (width < SIZES["office"][0])
    for number, path in enumerate(pages_of(town, draft)):
        if not is_sampled(number + way, 4):
            continue
        answer = page.goto(f"{base}{path}")
        if answer is not None and answer.status == 404 and path.count("/") > PLACE:
            wrong.clear()  # a page below a place that needs more to be said in its address
            continue
        settling.settle()
        keep_picture(page, f"{request.node.name}-{number}")
        objections = [*wrong, *axe(page, serious=True)]
        wide = page.locator("html").evaluate("node => node.scrollWidth - innerWidth")
        if wide > 0:
            objections.append(f"{wide} pixels too wide")
        if answer is None or answer.status != 200:
            objections.append(f"answered {answer and answer.status}")
        if objections:
            found[path] = objections
        wrong.clear()
    assert found == {}
