"""Pastes the text of a regulation, confirms how it is split, and says which clauses have nothing to carry out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from playwright.sync_api import Locator, Page, expect

from service.catalog.law.law import Clause
from tests.browser.studio.building.hands import Hands

_PLACE = re.compile(r"(第.+?条)(?:第.+?款)?(?:第(.+?)项)?")
_LEAD = "有下列规定："


def text_of(clauses: Sequence[Clause]) -> str:
    """Return the regulation as it is printed: articles, their paragraphs and items, each on a line."""
    return "\n".join(line for line, _ in _passages(clauses))


def confirm(page: Page, clauses: Sequence[Clause]) -> None:
    """Look through the passages as they were split: correct places and kinds, untick what is only a lead."""
    shown = page.locator("[data-passage]")
    passages = list(_passages(clauses))
    expect(shown).to_have_count(len(passages))
    for number, (_, clause) in enumerate(passages):
        _confirm(shown.nth(number), clause)


def _confirm(passage: Locator, clause: Clause | None) -> None:
    if clause is None:
        passage.get_by_label("登记").uncheck()
        return
    place, kind = passage.get_by_label("出处"), passage.get_by_label("性质")
    assert passage.locator("textarea").input_value() == clause.summary
    if place.input_value() != clause.article:
        place.fill(clause.article)
    if kind.input_value() != clause.kind:
        kind.select_option(clause.kind)


def say_why_nothing_is_done(hands: Hands, clauses: Sequence[Clause]) -> None:
    """Give the reason for each clause that is informative, outside the procedure or words only."""
    for clause in clauses:
        typed = {"informative": clause.informative, "outside": clause.outside, "words_only": clause.words_only}
        said = {name: reason for name, reason in typed.items() if reason}
        if said:
            hands.go(f"clauses?clause={clause.id}")
            hands.page.get_by_text("修改登记内容").click()
            hands.fill(said, hands.page.locator(f'form[action$="/clauses/{clause.id}"]'))
            hands.press("保存")
            hands.done("已保存")


def ids_shown(hands: Hands) -> list[str]:
    """Return the ids of the clauses as the page of the law shows them."""
    hands.go("clauses")
    return [str(line.get_attribute("id")) for line in hands.page.locator(".clause-line").all()]


def _passages(clauses: Sequence[Clause]) -> Iterator[tuple[str, Clause | None]]:
    """Yield each line of the regulation with the clause it becomes; a lead becomes none."""
    before = ""
    for clause in clauses:
        found = _PLACE.fullmatch(clause.article)
        assert found, clause.article
        article, item = found[1], found[2]
        if item and article != before:
            yield f"{article}　{_LEAD}", None
        lead = f"（{item}）" if item else f"{article}　" if article != before else ""
        yield f"{lead}{clause.summary}", clause
        before = article
