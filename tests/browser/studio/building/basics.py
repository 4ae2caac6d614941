"""Types what a place and its award declare: names, roles, bodies, tiers, kinds of cases, actions."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from service.catalog.basics.entries import idents_of, read_entry
from service.catalog.basics.sections import SECTIONS, EntryShape
from tests.browser.studio.building.hands import Hands


def type_basics(hands: Hands, place: str, award: str, only: Collection[str] = ()) -> None:
    """Type every entry of jurisdiction.yaml ``place`` and award.yaml ``award``, or of the sections ``only``."""
    for section in SECTIONS:
        text = award if section.of_award else place
        if only and section.id not in only:
            continue
        for ident in idents_of(text, section):
            head = section.shape is EntryShape.HEAD
            hands.go(f"basics/{section.id}/entry")
            typed = filled(read_entry(text, section, ident))
            hands.fill(typed if head else {"id": ident, **typed})
            hands.press("保存")
            hands.done("已保存")


def filled(typed: Mapping[str, str]) -> dict[str, str]:
    """Return the fields that say something: what says nothing is not touched."""
    return {name: value for name, value in typed.items() if value}
