"""Writes scenarios by their cards: the head, then each step and expectation as a row of its own."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urlencode

from playwright.sync_api import expect

from service.casework.simulate.records import KINDS
from service.casework.simulate.scenario_head import head_of
from service.casework.simulate.scenario_text import as_typed, flow
from service.catalog.scenario_words import VERBS
from service.catalog.source.format_yaml import load_yaml
from tests.browser.studio.building.basics import filled
from tests.browser.studio.building.hands import Hands

_OWN = ("at", "as", "case", "name", "parent", "for")


def write_scenario(hands: Hands, file: str, text: str) -> None:
    """Write the scenario ``text`` of the file ``file``."""
    page, wanted = hands.page, load_yaml(text)
    hands.go("scenarios")
    new = page.locator("form.cluster")
    new.get_by_text("更多", exact=True).click()
    hands.fill({"title": wanted["title"], "start": str(wanted["start"]), "name": PurePosixPath(file).stem}, new)
    hands.press("新建", new)
    head = page.locator("form.card").first
    hands.fill(filled(head_of(wanted)), head)
    hands.press("保存", head)
    path = page.url.partition("path=")[2]
    for rows, words in (("steps", VERBS), ("expect", KINDS)):
        held = wanted.get(rows) or ()
        if held:
            hands.page.goto(f"{hands.base}/studio/drafts/{hands.draft}/scenarios/edit/row?path={path}&{_first(rows)}")
        for number, row in enumerate(held, 1):
            hands.fill(filled(_typed(row, next(word for word in words if word in row), rows)))
            hands.press("保存，再加一行" if number < len(held) else "保存")
    expect(page.locator(".step-card")).to_have_count(len(wanted["steps"]) + len(wanted.get("expect") or ()))


def _first(rows: str) -> str:
    return urlencode({"rows": rows, "number": 0, "insert": 1})


def _typed(row: Mapping[str, Any], word: str, rows: str) -> dict[str, str]:
    """Return a row as it is typed into its form; what has no box of its own goes into the rest."""
    own = {key: as_typed(row[key]) for key in (_OWN if rows == "steps" else ("case",)) if key in row}
    rest = {key: value for key, value in row.items() if key not in {word, "refused", *own}}
    return {
        "word": word,
        "what": as_typed(row[word]),
        **own,
        "refused": "yes" if row.get("refused") is True else "",
        "rest": flow(rest) if rest else "",
    }
