"""Two people change one table, form, YAML file or letterhead: by rule, cell, field and entry, else as a whole."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from service.catalog.merge import Side, merge_file
from service.catalog.source.formatting import format_file

ROOT = Path(__file__).parents[4]
TABLE = "processes/lakeside/star_award/eligibility.dmn"
MINIATURE = ROOT / "tests" / "data" / "miniature"


def stable(path: str) -> bytes:
    return format_file(path, (MINIATURE / path).read_bytes())


def changed(content: bytes, *edits: tuple[str, str]) -> bytes:
    text = content.decode()
    for old, new in edits:
        assert text.count(old) >= 1, old
        text = text.replace(old, new, 1)
    return text.encode()


def test_cells_of_one_rule_are_changed_apart_and_the_same_cell_is_a_conflict() -> None:
    base = stable(TABLE)
    cells = [line.strip() for line in base.decode().splitlines() if "<text>" in line]
    first, last = cells[0], cells[-1]
    one, other = (first, "<text>1 = 1</text>"), (last, "<text>2 = 2</text>")
    merged = merge_file(TABLE, base, changed(base, one), changed(base, other)).content
    assert merged is not None
    assert b"1 = 1" in merged
    assert b"2 = 2" in merged
    again = merge_file(TABLE, base, changed(base, one), changed(base, (first, "<text>3 = 3</text>")))
    assert len(again.conflicts) == 1


def form_with(*edits: Any) -> bytes:
    value: dict[str, Any] = {
        "type": "default",
        "id": "f",
        "components": [
            {"type": "textfield", "id": "a", "key": "a", "label": "甲"},
            {"type": "textfield", "id": "b", "key": "b", "label": "乙"},
            {"type": "group", "id": "g", "components": [{"type": "number", "id": "c", "key": "c", "label": "丙"}]},
        ],
    }
    for edit in edits:
        edit(value["components"])
    return format_file("f.json", json.dumps(value).encode())


def label(place: int, text: str) -> Any:
    return lambda components: components[place].update(label=text)


def test_fields_of_a_form_are_changed_apart() -> None:
    add = lambda components: components.insert(1, {"type": "checkbox", "id": "d", "key": "d", "label": "丁"})  # noqa: E731
    ours, theirs = form_with(label(0, "甲改")), form_with(add)
    assert merge_file("f.json", form_with(), ours, theirs).content == form_with(label(0, "甲改"), add)


def test_entries_of_yaml_are_changed_apart_with_their_comments() -> None:
    base = b"a: 1\nparameters:\n  # about x\n  x:\n    value: 1\n\n  # about y\n  y:\n    value: 2\n"
    ours = base.replace(b"    value: 1\n", b"    value: 10\n")
    theirs = base.replace(b"# about y", b"# more about y") + b"  z:\n    value: 3\n"
    merged = merge_file("parameters.yaml", base, ours, theirs).content
    assert merged == theirs.replace(b"    value: 1\n", b"    value: 10\n")


def test_the_same_entry_changed_twice_shows_both_values() -> None:
    base = b"parameters:\n  x:\n    name: days\n    value: 5\n  y:\n    value: 2\n"
    ours, theirs = base.replace(b"5", b"7"), base.replace(b"5", b"10")
    (conflict,) = merge_file("parameters.yaml", base, ours, theirs).conflicts
    (field,) = conflict.fields
    assert (conflict.element, field.name, field.base, field.ours, field.theirs) == ("x", "value", "5", "7", "10")
    assert merge_file("parameters.yaml", base, ours, theirs, {conflict.id: Side.THEIRS}).content == theirs


@pytest.mark.parametrize("side", list(Side))
def test_other_files_merge_as_a_whole(side: Side) -> None:
    assert merge_file("a.typ", b"1", b"1", b"2").content == b"2"
    assert merge_file("a.typ", b"1", b"2", b"1").content == b"2"
    assert merge_file("a.typ", b"1", b"2", b"3").conflicts[0].id == "whole"
    chosen = merge_file("a.typ", b"1", b"2", b"3", {"whole": side}).content
    assert chosen == (b"2" if side is Side.OURS else b"3")


def test_a_file_removed_here_and_changed_there_is_a_conflict() -> None:
    (conflict,) = merge_file("f.json", form_with(), None, form_with(label(0, "x"))).conflicts
    assert conflict.removed is Side.OURS
    gone = merge_file("f.json", form_with(), None, form_with(label(0, "x")), {conflict.id: Side.OURS})
    assert (gone.content, gone.conflicts) == (None, ())
    assert merge_file("f.json", form_with(), None, form_with()).content is None
