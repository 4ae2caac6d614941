"""Changes of a clause register in place."""

from __future__ import annotations

import pytest

from service.catalog.law.law import Clause, read_law
from service.catalog.law_text.register import add_clauses, change_clause, leave_for_later, new_register, remove_clause
from service.catalog.source.fields import read_fields
from service.domain.errors import Invalid, NotFound

REGISTER = """# 条款登记
law: 示例办法
clauses:
  - {id: A-1, article: 第一条, kind: other, summary: 目的。, informative: 立法目的}   # 不执行
  # 名额
  - {id: A-2, article: 第二条, kind: quota, summary: '每届: 五个'}
"""


def test_adding_changing_and_removing_leaves_every_other_line_as_it_was() -> None:
    added = add_clauses(
        REGISTER, [Clause("A-3", "第三条", "notice", "公示: 5日 #", None, None, text="全文")], after="A-1"
    )
    assert [line for line in added.splitlines() if line not in REGISTER.splitlines()] == [
        "  - {id: A-3, article: 第三条, kind: notice, summary: '公示: 5日 #', text: 全文}"
    ]
    changed = change_clause(REGISTER, "A-2", {"summary": "每届六个"})
    assert changed == REGISTER.replace("每届: 五个", "每届六个")
    assert change_clause(changed, "A-2", {"summary": "每届六个"}) == changed
    assert "A-2" not in remove_clause(REGISTER, "A-2")
    assert (
        change_clause(REGISTER, "A-1", {"informative": None})
        .splitlines()[3]
        .startswith("  - {id: A-1, article: 第一条, kind: other, summary: 目的。}")
    )


def test_clauses_are_openly_left_for_later_and_taken_up_again() -> None:
    one = leave_for_later(REGISTER, "A-2", "下一版再建")
    law = read_law(read_fields(one.encode(), "law.yaml", print))
    assert (law.not_modelled_yet, law.not_modelled_reason) == ({"A-2"}, "下一版再建")
    both = leave_for_later(one, "A-1", "明年再建")
    law = read_law(read_fields(both.encode(), "law.yaml", print))
    assert (law.not_modelled_yet, law.not_modelled_reason) == ({"A-1", "A-2"}, "明年再建")
    assert leave_for_later(leave_for_later(both, "A-1", None), "A-2", None) == REGISTER
    assert leave_for_later(REGISTER, "A-2", None) == REGISTER
    assert "A-2" not in remove_clause(both, "A-2")
    with pytest.raises(NotFound):
        leave_for_later(REGISTER, "A-9", "x")


def test_a_new_register_is_read_back() -> None:
    clauses = [Clause("A-1", "第一条", "other", "目的：提高质量", None, None)]
    written = new_register("某市'办法'", clauses)
    problems: list[object] = []
    law = read_law(read_fields(written.encode(), "law.yaml", problems.append))
    assert (law.title, list(law.clauses.values()), problems) == ("某市'办法'", clauses, [])
    assert add_clauses(new_register("甲", []), clauses).count("A-1") == 1


def test_an_id_that_is_taken_and_a_clause_that_is_not_there_are_refused() -> None:
    with pytest.raises(Invalid, match="A-1"):
        add_clauses(REGISTER, [Clause("A-1", "", "", "", None, None)])
    with pytest.raises(NotFound):
        remove_clause(REGISTER, "A-9")
