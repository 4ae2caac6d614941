"""Starts a city from blank with the text of its regulation, and clears away the procedure that it is given."""

from __future__ import annotations

from collections.abc import Sequence

from playwright.sync_api import Page, expect

from service.catalog import Package
from tests.browser.studio.building.clauses import confirm, text_of
from tests.browser.studio.building.hands import Hands
from tests.support.waiting import as_long_as


def start_city(page: Page, base: str, wanted: Package) -> Hands:
    """Start the place of ``wanted`` from blank, its clauses confirmed; returns the hands that go on with its draft."""
    place, award = wanted.jurisdiction, wanted.award
    clauses = list(wanted.law.clauses.values())
    page.goto(f"{base}/studio")
    page.get_by_role("link", name="新建一个地方").click()
    first = Hands(page, base, 0)
    page.locator("main form").first.get_by_text("更多", exact=True).first.click()
    first.fill(
        {
            "name": place.name, "id": place.id, "name_en": place.name_en, "award_name": award.name,
            "calendar": place.calendar, "office": place.bodies[0].name, "committee": place.bodies[1].name,
            "tiers": "\n".join(f"{tier.name} 1" for tier in award.tiers), "law_title": place.law.title,
            "since": str(place.law.since), "prefix": clauses[0].id.partition("-")[0], "text": text_of(clauses),
        }
    )  # fmt: skip
    first.press("下一步：确认条款")
    confirm(page, clauses)
    first.press("下一步：各环节的依据")
    ticked = page.locator(".step-clauses input:checked")
    for _ in as_long_as(ticked.count, "some are left"):
        ticked.first.uncheck()
    for asked, answer in (("vote_base", "votes_cast"), ("vote_secret", "true")):
        page.locator(f"[name={asked}]").select_option(answer)
    for required in page.locator("input.number[required]").all():  # the text says it in several ways
        required.fill(required.input_value() or "5")
    first.press("建成草稿")
    expect(page.get_by_role("heading", name=f"《{wanted.law.title}》")).to_be_visible()
    return Hands(page, base, int(page.url.split("/")[5]))


def clear_away(hands: Hands) -> None:
    """Take out what the city was given: the last first, since what something uses is not removed."""
    _remove_all(hands, "scenarios")
    _remove_entries(hands, ("processes", "tiers", "bindings"))
    for place in ("diagrams", "tables", "documents", "forms"):
        _remove_all(hands, place)
    _remove_parameters(hands)
    _remove_entries(hands, ("bodies", "roles"))


def _remove_all(hands: Hands, place: str) -> None:
    hands.go(place)
    own = hands.page.locator(f'form[action$="/{place}/remove"]').filter(
        has=hands.page.locator('[name=path]:not([value*="/shared/"])')
    )
    for _ in as_long_as(own.count, "some are left"):
        left = own.count()
        own.first.get_by_role("button").click()
        expect(own).to_have_count(left - 1)


def _remove_entries(hands: Hands, sections: Sequence[str]) -> None:
    for section in sections:
        hands.go("basics")
        acts = hands.page.locator(f'form[action$="/basics/{section}/remove"]')
        for _ in as_long_as(acts.count, "some are left"):
            left = acts.count()
            acts.first.get_by_role("button").click()
            expect(acts).to_have_count(left - 1)


def _remove_parameters(hands: Hands) -> None:
    hands.go("parameters")
    links = hands.page.locator('main a[href*="/parameters/"]:not([href$="/new"])')
    for href in [str(link.get_attribute("href")) for link in links.all()]:
        hands.page.goto(f"{hands.base}{href}")
        hands.press("移除参数")
        hands.done("已移除参数")
