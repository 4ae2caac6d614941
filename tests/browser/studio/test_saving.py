"""What is typed in an editor is never lost: another person's save, the same thing changed twice, the network gone."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from service.casework.studio.drafts.open_draft import open_draft
from service.casework.studio.drafts.save_file import save_file
from service.casework.studio.drafts.view_draft import open_file
from tests.support.lakeside import KEY, Lakeside

DECIDE = f"processes/{KEY}/forms/decide.json"


def labels(town: Lakeside, draft: int) -> list[str]:
    form: dict[str, Any] = json.loads(open_file(town.desk, town.designer, draft, DECIDE).content)
    return [one["label"] for one in form["components"]]


def by_another(town: Lakeside, draft: int, number: int, label: str) -> None:
    opened = open_file(town.desk, town.designer, draft, DECIDE)
    form = json.loads(opened.content)
    form["components"][number]["label"] = label
    save_file(town.desk, town.designer, draft, DECIDE, json.dumps(form, ensure_ascii=False).encode(), opened.hash)


def opened(page: Page, base: str, draft: int, row: int) -> None:
    page.goto(f"{base}/studio/drafts/{draft}/forms/edit?path={DECIDE}")
    page.locator(".form-row").nth(row).click()


def label(page: Page) -> Any:
    return page.locator("[data-part=sheet]").get_by_label("标签", exact=True)


def test_what_another_person_saved_is_taken_in(page: Page, town: Lakeside, base: str) -> None:
    draft = open_draft(town.desk, town.designer, KEY, "两个人")
    opened(page, base, draft, 3)
    by_another(town, draft, 1, "别人改的")
    label(page).fill("我改的")
    expect(page.locator("[data-part=outline]")).to_contain_text("别人改的")
    assert labels(town, draft)[1:] == ["别人改的", "我改的"]


@pytest.mark.parametrize(("choice", "kept"), [("保留我的", "我改的"), ("采用对方的", "别人改的")])
def test_the_same_thing_changed_twice_is_chosen(page: Page, town: Lakeside, base: str, choice: str, kept: str) -> None:
    draft = open_draft(town.desk, town.designer, KEY, "改同一处")
    opened(page, base, draft, 3)
    by_another(town, draft, 2, "别人改的")
    label(page).fill("我改的")
    page.get_by_role("button", name=choice).click()
    expect(page.locator("[data-part=status]")).to_have_attribute("data-state", "saved")
    assert labels(town, draft)[2] == kept
    expect(page.locator("[data-part=outline]")).to_contain_text(kept)
