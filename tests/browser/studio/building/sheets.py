"""The boxes of property sheets, filled in by their labels: text, choices, formulas, clauses, rows."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from playwright.sync_api import Locator, Page, expect

from service.domain.forms.settings_offered import EntryWay, OfferedSetting
from tests.support.waiting import as_long_as


def write_formula(page: Page, field: Locator, text: str) -> None:
    """Put a formula into a field in place of what stands there, as by pasting it."""
    field.click()
    expect(field).to_be_focused()  # on a busy machine the caret comes later than the click
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(text)
    page.keyboard.press("Escape")


def cite(box: Locator, clauses: Sequence[str]) -> None:
    """Let a box of clauses cite exactly ``clauses``."""
    away = box.get_by_role("button", name=re.compile("^取消引用"))
    for _ in as_long_as(away.count, "some are left"):
        away.first.click()
    search = box.locator("input[type=search]")
    for clause in clauses:
        search.fill(clause)
        search.press("Enter")
    expect(away).to_have_count(len(clauses))


def enter(page: Page, sheet: Locator, setting: OfferedSetting, value: Any) -> None:
    """Enter ``value`` of a setting in the way it is offered."""
    label = setting.label.zh
    match setting.entry:
        case EntryWay.FLAG | EntryWay.TEXT_FLAG:
            sheet.get_by_label(label, exact=True).set_checked(value in (True, "true"))
        case EntryWay.CHOICE:
            sheet.get_by_label(label, exact=True).select_option(str(value))
        case EntryWay.FORMULA | EntryWay.PLAIN_FORMULA:
            write_formula(page, sheet.locator(f'.cm-content[aria-label="{label}"]'), str(value).removeprefix("="))
        case EntryWay.CLAUSES:
            cite(_box(sheet, label), re.split(r"[,，、\s]+", str(value)))
        case EntryWay.OPTIONS:
            _rows(_box(sheet, label), value, {"label": "显示", "value": "值", "label_en": "英文"})
        case EntryWay.COLUMNS:
            _rows(_box(sheet, label), value, {"label": "列名", "key": "字段"})
        case EntryWay.SIZE:
            sheet.get_by_label(label, exact=True).fill(str(float(value) / 1024 / 1024))
        case _:
            sheet.get_by_label(label, exact=True).fill(str(value))


def enter_rules(page: Page, sheet: Locator, properties: Mapping[str, Any]) -> None:
    """Enter the rules of a form: each with a condition and what is said where it is false."""
    for number, key in enumerate((key for key in properties if re.fullmatch(r"rule(_\d+)?", key)), 1):
        said = key.replace("rule", "ruleMessage")
        sheet.get_by_role("button", name="添加规则").click()
        write_formula(page, sheet.locator(f'.cm-content[aria-label="条件 {number}"]'), str(properties[key]))
        sheet.get_by_label(f"不成立时的提示 {number}", exact=True).fill(str(properties[said]))
        sheet.get_by_label(f"英文提示 {number}", exact=True).fill(str(properties.get(f"{said}_en", "")))


def _box(sheet: Locator, label: str) -> Locator:
    return sheet.locator(".setting").filter(has_text=re.compile(f"^{label}")).first


def _rows(box: Locator, wanted: Sequence[Mapping[str, Any]], fields: Mapping[str, str]) -> None:
    shown = box.locator("tbody tr")
    for _ in as_long_as(lambda: shown.count() > len(wanted), "more than wanted"):
        shown.last.get_by_role("button", name=re.compile("^删除")).click()
    for _ in as_long_as(lambda: shown.count() < len(wanted), "fewer than wanted"):
        box.get_by_role("button", name="添加一项").click()
    for number, one in enumerate(wanted, 1):
        for key, heading in fields.items():
            box.get_by_label(f"{heading} {number}", exact=True).fill(str(one.get(key, "")))
