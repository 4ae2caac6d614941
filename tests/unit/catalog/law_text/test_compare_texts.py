"""An amended text beside the register: each difference is proposed once, and nothing is where the text says the same."""

from __future__ import annotations

from types import MappingProxyType

from service.catalog.law.law import Clause, Law
from service.catalog.law_text.compare_texts import ClauseAct, articles_moved, compare_texts

BEFORE = """第一条 质量奖每两年评选一届。
第二条 申报组织应当成立满三年。公示期不少于5个工作日。
第三条 质量奖每届不超过3个。
第四条 评审不收取任何费用。"""


def law(*clauses: tuple[str, str, str], texts: dict[str, str] | None = None) -> Law:
    held = {
        i: Clause(i, article, "other", words, None, None, text=(texts or {}).get(i, ""))
        for i, article, words in clauses
    }
    return Law("质量奖管理办法", MappingProxyType(held), frozenset(), "", "law.yaml")


REGISTER = law(
    ("LS-1-1", "第一条", "质量奖每两年评选一届。"),
    ("LS-2-1", "第二条", "申报组织应当成立满三年。"),
    ("LS-2-2", "第二条", "公示期不少于5个工作日。"),
    ("LS-3-1", "第三条", "质量奖每届不超过3个。"),
    ("LS-4-1", "第四条", "评审不收取任何费用。"),
)


def told(text: str, register: Law = REGISTER) -> list[tuple[str, str, str]]:
    return [(change.act.value, change.clause.id, change.clause.article) for change in compare_texts(register, text)]


def test_the_same_text_changes_nothing() -> None:
    assert told(BEFORE) == []
    assert told(BEFORE.replace("。申", "。\n申")) == []


def test_a_number_is_a_change_of_its_clause_alone() -> None:
    [change] = compare_texts(REGISTER, BEFORE.replace("5个工作日", "7个工作日"))
    assert (change.act, change.clause.id) == (ClauseAct.CHANGE, "LS-2-2")
    assert change.after is not None
    assert change.after.summary == "公示期不少于7个工作日。"


def test_an_article_between_others_moves_those_behind_it() -> None:
    text = BEFORE.replace("第四条", "第五条").replace("第三条", "第四条")
    text = text.replace("第四条 质量奖", "第三条 企业分支机构不得申报。\n第四条 质量奖")
    changes = compare_texts(REGISTER, text)
    assert [(c.act.value, c.clause.id, c.clause.article) for c in changes] == [
        ("add", "LS-3-2", "第三条"),
        ("move", "LS-3-1", "第四条"),
        ("move", "LS-4-1", "第五条"),
    ]
    assert articles_moved(changes) == {"第三条": "第四条", "第四条": "第五条"}


def test_an_article_that_is_gone_takes_its_clauses_along() -> None:
    text = BEFORE.replace("第三条 质量奖每届不超过3个。\n第四条", "第三条")
    changes = compare_texts(REGISTER, text)
    assert [(c.act.value, c.clause.id) for c in changes] == [("move", "LS-4-1"), ("remove", "LS-3-1")]
    assert articles_moved(changes) == {"第四条": "第三条", "第三条": ""}


def test_a_sentence_that_is_gone_from_its_article_is_looked_at_by_somebody() -> None:
    assert told(BEFORE.replace("公示期不少于5个工作日。", "")) == [("look", "LS-2-2", "第二条")]
