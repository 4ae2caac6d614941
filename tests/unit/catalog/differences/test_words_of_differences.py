"""Forms, letters and tables differ in words that a lawyer reads."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from service.catalog.differences.differences import FileDifference, file_difference
from service.catalog.differences.text_marks import StretchKind
from service.catalog.source.formatting import format_file

MINIATURE = Path(__file__).parents[4] / "tests" / "data" / "miniature"
TABLE = "processes/lakeside/star_award/eligibility.dmn"


def between(path: str, left: bytes | None, right: bytes | None) -> FileDifference:
    found = file_difference(path, left, right)
    assert found is not None
    return found


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
