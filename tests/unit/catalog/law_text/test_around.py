"""Words around a place of a file are shown without the signs by which the file is written."""

from __future__ import annotations

import pytest

from service.catalog.law_text.around import words_around

FOUND = "第十三条"


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("      - 依据办法第十三条提出异议。", "依据办法第十三条提出异议。"),
        ('  <parameter id="basis" value="{basis: &quot;办法第十三条&quot;, days: 5}" />', "办法第十三条"),
        ("""  "label": "是否符合第十三条的规定\\n请核对",""", "是否符合第十三条的规定"),
        ('<task name="按第十三条公示">', "按第十三条公示"),
        ("<text>符合&amp;第十三条&lt;5&gt;</text>", "符合&第十三条"),
        ("  reason: 见第十三条", "见第十三条"),
        ("  - {contains: [不足3年, 见第十三条], proves: [GZ-1]}", "见第十三条"),
        ("  - '依据第十三条，自{day}起。'", "依据第十三条，自"),
        ("# 第十三条没有限定哪一天", "第十三条没有限定哪一天"),
        ("一二三四五六七八九十第十三条一二三四五六七八九十", "七八九十第十三条一二三四"),
    ],
)
def test_words_stand_by_themselves(line: str, shown: str) -> None:
    text = f"上一行第十三条\n{line}\n下一行"
    start = text.index(FOUND, text.index("\n"))
    assert words_around(text, start, start + len(FOUND), 4 if "一二三" in line else 20) == shown
