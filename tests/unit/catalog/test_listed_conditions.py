"""A sentence that introduces a list of conditions, and what stands below it: which of it the conditions of a new place rest on."""

from __future__ import annotations

import pytest

from service.catalog.assistants.step_clauses import step_clauses
from service.catalog.law_text.pieces import LawPiece, clauses_of
from service.catalog.law_text.split import split_law

HEADS = (
    "申报组织应当具备下列条件：",
    "申报市长质量奖的单位必须同时符合以下基本条件：",
    "参评组织应满足下列条件：",
)
LAW = """第一条 为激励各类组织，制定本办法。
第二条 {head}
（一）在本市登记注册；
（二）建立质量管理制度，制定质量发展战略；
（三）近三年内未发生重大质量事故；
（四）研发经费占营业收入的比例不低于3%；
（五）法律、法规规定的其他条件。
第三条 有下列情形之一的，不得申报：
（一）近两年内受到行政处罚的；
（二）提供虚假材料的。
第四条 评审组由专家组成，专家应当符合下列条件：
（一）从事质量工作十年以上；
（二）作风正派。
"""


@pytest.mark.parametrize("head", HEADS)
def test_each_item_of_a_list_of_conditions_is_proposed(head: str) -> None:
    units = split_law(LAW.format(head=head))
    clauses = clauses_of("LC", [LawPiece(unit.place, unit.numbers, unit.text) for unit in units])
    said = {clause.id: clause.article for clause in clauses}
    places = [said[ident] for ident in step_clauses(clauses)["conditions"]]
    # （三） counts back and is drawn as a bar with its years; 第三条 bars, 第四条 is about who reviews
    assert places == ["第二条", *(f"第二条第（{item}）项" for item in "一二四五")]


FURTHER = """第四条 申报市长质量奖的企业除符合第二条外，还应当具备下列条件：
（一）通过质量管理体系认证；
（二）主要产品质量达到国内先进水平。
第五条 {other}
（一）从事质量工作十年以上。
"""


def _proposed(law: str) -> list[str]:
    clauses = clauses_of("LC", [LawPiece(unit.place, unit.numbers, unit.text) for unit in split_law(law)])
    said = {clause.id: clause.article for clause in clauses}
    return [said[ident] for ident in step_clauses(clauses)["conditions"]]


def test_each_article_with_a_list_of_conditions_is_proposed() -> None:
    law = LAW.partition("第四条")[0].format(head=HEADS[0])
    further = _proposed(law + FURTHER.format(other="申报材料应当真实。"))
    assert further == [
        "第二条", *(f"第二条第（{item}）项" for item in "一二四五"),
        "第四条", "第四条第（一）项", "第四条第（二）项",
    ]  # fmt: skip


@pytest.mark.parametrize("other", ["申报个人应当具备下列条件：", "申报提名奖的企业应当具备下列条件："])
def test_what_one_kind_of_applicants_has_to_meet_is_not_asked_of_all(other: str) -> None:
    law = LAW.partition("第四条")[0].format(head=HEADS[0])
    places = _proposed(law + FURTHER.format(other=other))
    assert "第四条第（一）项" in places
    assert not [place for place in places if place.startswith("第五条")]
