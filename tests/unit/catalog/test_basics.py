"""Entries of jurisdiction.yaml and award.yaml, read as they are typed and written in place."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from service.catalog.basics.entries import idents_of, move_entry, put_entry, read_sections, remove_entry
from service.catalog.basics.sections import SECTIONS, EntrySection, EntryShape
from service.catalog.source.yaml import parse_yaml, to_plain_value
from service.domain.errors import Invalid
from tests.support.samples import sample

PROJECT = Path(__file__).parents[3]
FILES = sorted(
    path
    for root in (PROJECT / "processes", PROJECT / "tests" / "data" / "example_city" / "processes")
    for name in ("jurisdiction.yaml", "award.yaml")
    for path in root.rglob(name)
)
EACH = 4
"""Every so many entries of a section one is tried in a run: writing one reads the whole file, for a minute in all."""


def section(ident: str) -> EntrySection:
    return next(one for one in SECTIONS if one.id == ident)


def said(text: str) -> Any:
    """Return what a file says; a list that is written though it is empty says nothing."""
    return without_empty(to_plain_value(parse_yaml(text.encode(), "file.yaml")))


def without_empty(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: without_empty(held) for key, held in value.items() if held not in ([], {})}
    return value


def of_file(path: Path) -> list[EntrySection]:
    return [one for one in SECTIONS if one.of_award == (path.name == "award.yaml")]


def some_of(text: str, one: EntrySection) -> Sequence[str]:
    """Return the entries of a section that are tried in this run; all where there are few."""
    found = idents_of(text, one)
    return found if len(found) < EACH else sample(found, EACH)


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_what_was_read_is_written_without_a_changed_byte(path: Path) -> None:
    text = path.read_text("utf-8")
    for one in of_file(path):
        typed = dict(*read_sections(text, [one]))
        for ident in some_of(text, one):
            assert put_entry(text, one, ident, typed[ident]) == text, (one.id, ident)


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_every_entry_of_a_city_can_be_typed_anew(path: Path) -> None:
    text = path.read_text("utf-8")
    for one in of_file(path):
        if one.shape is EntryShape.HEAD:
            continue
        anew, chosen, typed = text, some_of(text, one), dict(*read_sections(text, [one]))
        for ident in chosen:
            anew = put_entry(remove_entry(anew, one, ident), one, ident, typed[ident], new=True)
        held = said(text)
        if one.shape is EntryShape.LISTED and held.get(one.at):  # what is typed anew stands last
            held[one.at].sort(key=lambda row: str(row["id"]) in chosen)
        assert said(anew) == held, one.id


PLACE = """\
id: hill
name: 山城
calendar: cn
law: {title: 办法}
roles:
  office: {name: 办公室}
bodies: []
"""


def test_an_entry_is_added_changed_moved_and_removed() -> None:
    bodies = section("bodies")
    text = put_entry(PLACE, bodies, "a", {"name": "甲", "kind": "office", "roles": "office"}, new=True)
    text = put_entry(text, bodies, "b", {"name": "乙", "kind": "committee", "members": "chen｜陈静｜主任"}, new=True)
    assert text.endswith(
        "bodies:\n  - {id: a, name: 甲, kind: office, roles: [office]}\n"
        "  - {id: b, name: 乙, kind: committee, members: [{id: chen, name: 陈静, title: 主任}]}\n"
    )
    text = put_entry(text, bodies, "a", {"name_en": "A"})
    assert "{id: a, name: 甲, name_en: A, kind: office, roles: [office]}" in text
    assert idents_of(move_entry(text, bodies, "b", -1), bodies) == ("b", "a")
    assert idents_of(remove_entry(text, bodies, "a"), bodies) == ("b",)
    bound = put_entry(text, section("bindings"), "recommender", {"role": "office"}, new=True)
    assert bound.endswith("bindings:\n  recommender: office\n")
    dated = put_entry(text, section("place"), "", {"law.issued": "2025-11-20", "law.title_en": "Measures"})
    assert "law: {title: 办法, title_en: Measures, issued: 2025-11-20}" in dated


@pytest.mark.parametrize(
    ("part", "ident", "typed", "says"),
    [
        ("roles", "Office", {"name": "甲"}, "编号“Office”不能使用"),
        ("roles", "office", {"name": "甲"}, "编号“office”已经有了"),
        ("roles", "chair", {"name": " "}, "请填写“名称”"),
        ("bodies", "a", {"name": "甲", "kind": ""}, "请填写“性质”"),
        ("bodies", "a", {"name": "甲", "kind": "office", "members": "a｜b｜c｜d"}, "“d”不是日期，请写成例如 2027-01-01。"),
        ("bodies", "a", {"name": "甲", "kind": "office", "members": "｜" * 8}, "有9格，最多7格"),
        ("processes", "round", {"name": "甲", "process": "p", "facts": "stage"}, "“stage”应写成“名称: 类型”"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_told(part: str, ident: str, typed: dict[str, str], says: str) -> None:
    with pytest.raises(Invalid) as told:
        put_entry(PLACE, section(part), ident, typed, new=True)
    assert says in told.value.message.zh
