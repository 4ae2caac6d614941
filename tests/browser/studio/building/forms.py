"""Makes forms component by component, each setting in the box that the editor offers for it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce
from typing import Any

from playwright.sync_api import expect

from service.domain.forms.offered import FORM_SETTINGS, KINDS, settings_of
from service.domain.forms.settings_offered import EntryWay, OfferedSetting
from tests.browser.studio.building.hands import Hands
from tests.browser.studio.building.sheets import enter, enter_rules


def make_form(hands: Hands, form: Mapping[str, Any]) -> None:
    """Make a form that says what ``form`` says; ids of its parts are the editor's."""
    page, properties = hands.page, form["properties"]
    hands.go("forms")
    new = page.locator("form.cluster").filter(has=page.locator("[name=like]"))
    new.get_by_text("更多", exact=True).click()
    hands.fill({"title": properties["title"], "ident": form["id"]}, new)
    hands.press("新建", new)
    sheet = page.locator("[data-part=sheet]")
    for settings in FORM_SETTINGS.values():
        for setting in settings:
            if setting.entry is EntryWay.RULES:
                enter_rules(page, sheet, properties)
            else:
                _enter(hands, setting, form)
    for component in form["components"]:
        _add(hands, component)
    expect(page.locator("[data-part=status]")).to_have_attribute("data-state", "saved")


def _add(hands: Hands, component: Mapping[str, Any]) -> None:
    page = hands.page
    page.locator(".form-row").last.click()
    hands.press("添加")
    kind = next(kind for kind in KINDS if kind.type == component["type"])
    page.locator("dialog[open]").get_by_role("button", name=kind.label.zh, exact=True).click()
    for setting in settings_of(kind):
        _enter(hands, setting, component)


def _enter(hands: Hands, setting: OfferedSetting, holder: Mapping[str, Any]) -> None:
    """Enter a setting where ``holder`` has it, unless it stands there already."""
    value = reduce(
        lambda held, key: held.get(key) if isinstance(held, Mapping) else None, setting.place.split("."), holder
    )
    if value is not None:
        enter(hands.page, hands.page.locator("[data-part=sheet]"), setting, value)
