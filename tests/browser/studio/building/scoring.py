"""Types scoring editions, their items pasted as from a spreadsheet."""

from __future__ import annotations

from service.catalog.scoring.scoring_text import edition_fields
from tests.browser.studio.building.hands import Hands


def type_scoring(hands: Hands, ident: str, content: bytes) -> None:
    """Add the edition ``ident`` that says what ``content`` says."""
    hands.go("basics")
    hands.page.get_by_role("link", name="评分标准").click()
    hands.page.get_by_role("link", name="新建评分标准").click()
    hands.page.locator("main form").first.get_by_text("更多", exact=True).click()
    hands.fill({"id": ident, **edition_fields(content)})
    hands.press("保存")
    hands.done("已保存")
