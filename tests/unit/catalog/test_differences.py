"""What differs between two states of a file is told in words, and only what differs."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from service.catalog.differences.differences import FileDifference, PieceChange, file_difference
from service.catalog.differences.text_marks import StretchKind
from service.catalog.source.formatting import format_file

MINIATURE = Path(__file__).parents[2] / "data" / "miniature"
DIAGRAM = "processes/lakeside/star_award/application.bpmn"
TABLE = "processes/lakeside/star_award/eligibility.dmn"


def between(path: str, left: bytes | None, right: bytes | None) -> FileDifference:
    found = file_difference(path, left, right)
    assert found is not None
    return found


def test_the_same_is_no_difference() -> None:
    assert file_difference("a.yaml", b"a: 1\n", b"a: 1\n") is None
    assert between("a.yaml", b"a: 1\n", b"a:  1\n").only_rewritten
    assert not between("a.docx", b"1", b"2").only_rewritten, "what cannot be taken apart may say something else"


def test_a_value_is_told_with_what_it_was() -> None:
    base = b"parameters:\n  days:\n    name: \xe5\xa4\xa9\xe6\x95\xb0\n    value: 5\n"
    (record,) = between("parameters.yaml", base, base.replace(b"5", b"7")).records
    (field,) = record.fields
    assert (record.change, record.subject.zh) == (PieceChange.CHANGED, "“天数”")
    assert (field.name, field.left, field.right) == ("value", "5", "7")


def test_a_choice_is_called_as_the_list_of_parameters_calls_it() -> None:
    base = b"parameters:\n  criteria_edition_date:\n    value: announcement\n"
    (record,) = between("parameters.yaml", base, base.replace(b"announcement", b"application_deadline")).records
    assert [(field.left, field.right) for field in record.fields] == [("公布评奖之日", "申报截止日")]


def test_white_space_is_no_difference_in_words() -> None:
    found = between("a.yaml", b"a:\n  b: 1\n", b"a:\n    b:  1\n")
    assert (found.change, found.records, found.readable) == (PieceChange.CHANGED, (), True)


def test_a_renamed_task_and_a_moved_one_are_marked_apart() -> None:
    base = format_file(DIAGRAM, (MINIATURE / DIAGRAM).read_bytes())
    renamed = base.replace("决定是否受理".encode(), "决定".encode())
    assert dict(between(DIAGRAM, base, renamed).marks) == {"decide": PieceChange.CHANGED}
    box = next(line for line in base.decode().splitlines() if "<dc:Bounds" in line)
    moved = base.decode().replace(box, box.replace('x="', 'x="9'), 1).encode()
    found = between(DIAGRAM, base, moved)
    assert found.records == ()
    assert set(found.marks.values()) == {PieceChange.MOVED}


def test_what_only_goes_to_another_lane_is_told_with_what_moved() -> None:
    base = format_file(DIAGRAM, (MINIATURE / DIAGRAM).read_bytes()).decode()
    refs = [line for line in base.splitlines(keepends=True) if "flowNodeRef>decide<" in line]
    other = next(
        at
        for at in re.findall(r"<bpmn:lane [^>]*>\n", base)
        if refs[0] not in base.partition(at)[2].partition("</bpmn:lane>")[0]
    )
    moved = base.replace(refs[0], "", 1).replace(other, other + refs[0], 1)
    renamed = moved.replace("决定是否受理", "决定")
    only_moved, also_renamed = (between(DIAGRAM, base.encode(), text.encode()) for text in (moved, renamed))
    assert (only_moved.records, only_moved.drawn) == ((), ("decide",))
    assert len(also_renamed.records) == 1
    assert dict(also_renamed.marks) == {"decide": PieceChange.CHANGED}


def test_a_cell_names_its_rule_and_column() -> None:
    base = format_file(TABLE, (MINIATURE / TABLE).read_bytes())
    cell = next(line for line in base.decode().splitlines() if "<text>" in line and "rule" not in line)
    changed = base.decode().replace(cell, "<text>1 = 1</text>", 1)
    (record,) = between(TABLE, base, format_file(TABLE, changed.encode())).records
    assert record.fields[-1].right == "1 = 1"


def test_files_that_cannot_be_read_or_came_and_went_say_so() -> None:
    assert not between(DIAGRAM, b"<no", b"<a/>").readable
    assert between("a.typ", None, b"x").change is PieceChange.ADDED
    assert between("a.typ", b"x", None).change is PieceChange.REMOVED


def test_two_clauses_of_one_article_are_told_apart_by_their_ids() -> None:
    base = (
        "clauses:\n- id: A-1\n  article: 第一条\n  summary: 甲\n- id: A-2\n  article: 第一条\n  summary: 乙\n".encode()
    )
    (record,) = between("law.yaml", base, base.replace("乙".encode(), "丙".encode())).records
    assert record.subject.zh == "“第一条”（A-2）"


def form(**more: Any) -> bytes:
    part = {"type": "textfield", "id": "f", "key": "reason", "label": "理由", **more}
    return json.dumps({"type": "default", "id": "a", "properties": {"title": "意见"}, "components": [part]}).encode()


def test_a_parameter_whose_name_is_shared_is_called_by_it() -> None:
    before = b"parameters:\n  posted_days:\n    value: 5\n"
    found = file_difference("x/parameters.yaml", before, before.replace(b"5", b"7"), {"posted_days": "公示期"})
    assert found is not None
    (record,) = found.records
    assert (record.subject.zh, record.fields[0].left, record.fields[0].right) == ("“公示期”", "5", "7")


def test_a_field_that_becomes_required_says_no_and_yes() -> None:
    (record,) = between("forms/a/a.json", form(), form(validate={"required": True})).records
    (field,) = record.fields
    assert (record.subject.zh, field.label.zh, field.left, field.right) == ("单行文本“理由”", "必填", "false", "true")


def test_a_paragraph_of_a_letter_has_its_words_marked_and_the_others_are_left_out() -> None:
    before = "id: a\nparagraphs:\n  - '决定对获奖组织予以表彰，颁发证书。'\n  - '望再接再厉，珍惜荣誉。'\n"
    (record,) = between(
        "x/documents/a.yaml", before.encode(), before.replace("颁发证书", "颁发证书和奖金").encode()
    ).records
    (field,) = record.fields
    assert record.subject.zh == "“正文”"
    assert [(stretch.mark, stretch.text) for stretch in field.marks] == [
        (StretchKind.STAYS, "决定对获奖组织予以表彰，颁发证书"),
        (StretchKind.COMES, "和奖金"),
        (StretchKind.STAYS, "。"),
        (StretchKind.STAYS, "\n"),
        (StretchKind.OMITTED_STRETCH, "……\n"),
    ]


def test_a_row_of_a_table_has_its_cells_before_and_after() -> None:
    base = format_file(TABLE, (MINIATURE / TABLE).read_bytes())
    head, rule, rest = base.decode().partition("<rule")
    changed = head + rule + re.sub("<text>[^<]*</text>", "<text>1 = 1</text>", rest, count=1)
    found = between(TABLE, base, format_file(TABLE, changed.encode()))
    (row,) = found.rows
    assert [(c.left == c.right, c.right) for c in row.cells if not c.same] == [(False, "1 = 1")]
    assert (row.left, row.right) == (True, True)
    assert all(record.in_row for record in found.records)
    gone = between(TABLE, base, None)
    assert all(row.left and not row.right for row in gone.rows)
