"""Two people change one table, form, YAML file or letterhead: by rule, cell, field and entry, else as a whole."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from service.catalog.merge import Side, diagrams, entries, forms, merge_file
from service.catalog.source.formatting import format_file
from service.catalog.source.yaml import parse_yaml, plain

ROOT = Path(__file__).parents[4]
TABLE = "processes/lakeside/star_award/eligibility.dmn"
MINIATURE = ROOT / "tests" / "data" / "miniature"
PARAMETERS = "processes/lakeside/star_award/parameters.yaml"
LAW = "processes/lakeside/law.yaml"


def files(*patterns: str) -> list[str]:
    return sorted(path.relative_to(ROOT).as_posix() for pattern in patterns for path in ROOT.glob(pattern))


@pytest.mark.parametrize("file", files("processes/**/*.bpmn", "processes/**/*.dmn"))
def test_a_diagram_taken_apart_and_put_together_has_the_same_bytes(file: str) -> None:
    content = (ROOT / file).read_bytes()
    assert diagrams.put_together(diagrams.take_apart(content, file)) == format_file(file, content)


@pytest.mark.parametrize("file", files("forms/**/*.json", "processes/**/*.json"))
def test_a_form_taken_apart_and_put_together_has_the_same_bytes(file: str) -> None:
    content = (ROOT / file).read_bytes()
    assert forms.put_together(forms.take_apart(content, file)) == format_file(file, content)


@pytest.mark.parametrize("file", files("processes/*/*.yaml", "processes/*/*/*.yaml", "processes/shared/*/*.yaml"))
def test_a_yaml_file_taken_apart_and_put_together_has_the_same_bytes(file: str) -> None:
    content = (ROOT / file).read_bytes()
    assert entries.put_together(entries.take_apart(content, file)) == format_file(file, content)


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


def rules_with_new(content: bytes, ident: str) -> bytes:
    """Return the table with a copy of its first rule put at the end."""
    text = content.decode()
    start = text.index("<rule")
    rule = text[start : text.index("</rule>") + len("</rule>")]
    numbered = rule.replace('id="', f'id="{ident}_')
    at = text.rindex("</rule>") + len("</rule>")
    return format_file(TABLE, (text[:at] + numbered + text[at:]).encode())


def test_a_column_added_here_and_a_rule_added_there_give_a_table_without_holes() -> None:
    base = stable(TABLE)
    text = base.decode()
    at = text.index("<rule")
    column = '<output id="new_column" label="新列" name="new_column" typeRef="string" />'
    ours = text[:at] + column + text[at:]
    ours = ours.replace("</rule>", '<outputEntry><text>"x"</text></outputEntry></rule>')
    merged = merge_file(TABLE, base, format_file(TABLE, ours.encode()), rules_with_new(base, "r9")).content
    assert merged is not None
    whole = diagrams.take_apart(merged, TABLE)
    rules = [key for key in whole.items if key[0] == "element" and "rule" in str(whole.items[key].payload.node.tag)]
    for rule in rules:
        assert ("cell", rule[1], "new_column") in whole.items


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


def test_a_field_moved_here_and_another_order_there_is_a_conflict_of_the_order() -> None:
    def first_last(components: list[Any]) -> None:
        components.append(components.pop(0))

    def last_first(components: list[Any]) -> None:
        components.insert(0, components.pop())

    base, ours, theirs = form_with(), form_with(first_last), form_with(lambda c: c.reverse())
    (conflict,) = merge_file("f.json", base, ours, theirs).conflicts
    assert conflict.fields[0].name == "order"
    assert merge_file("f.json", base, ours, theirs, {conflict.id: Side.THEIRS}).content == theirs
    assert merge_file("f.json", base, ours, form_with(label(1, "新"))).content == form_with(label(1, "新"), first_last)


def test_a_group_removed_in_which_the_other_changed_a_field_is_one_conflict_about_the_group() -> None:
    ours = form_with(lambda components: components.pop())
    theirs = form_with(lambda components: components[2]["components"][0].update(label="丙改"))
    (conflict,) = merge_file("f.json", form_with(), ours, theirs).conflicts
    assert (conflict.element, conflict.removed) == ("g", Side.OURS)
    assert merge_file("f.json", form_with(), ours, theirs, {conflict.id: Side.THEIRS}).content == theirs
    assert merge_file("f.json", form_with(), ours, theirs, {conflict.id: Side.OURS}).content == ours


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


def test_clauses_added_by_both_are_both_there() -> None:
    base = stable(LAW)
    line = "  - {id: ZZ-1, article: 附则, kind: other, summary: 新增一条。}\n"
    ours, theirs = base + line.encode(), base + line.replace("ZZ-1", "ZZ-2").encode()
    merged = merge_file(LAW, base, ours, theirs).content
    assert merged is not None
    found = plain(parse_yaml(merged, LAW))
    assert isinstance(found, dict)
    ids = [clause["id"] for clause in found["clauses"]]  # type: ignore[index, call-overload]
    assert ids[-2:] == ["ZZ-2", "ZZ-1"]


def test_slots_of_one_diagram_are_entries_of_their_own() -> None:
    path = "processes/urumqi/quality_award/patterns.yaml"
    base = format_file(path, (ROOT / path).read_bytes())
    ours = changed(base, ("falsehood_found: WQ-18-2", "falsehood_found: WQ-18-3"))
    theirs = changed(base, ("record_ban_from_day: 'counted_from != null'", "record_ban_from_day: 'true'"))
    merged = merge_file(path, base, ours, theirs).content
    assert merged == changed(ours, ("record_ban_from_day: 'counted_from != null'", "record_ban_from_day: 'true'"))


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
