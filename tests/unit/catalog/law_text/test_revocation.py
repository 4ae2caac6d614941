"""What a clause on revocation says of itself."""

from __future__ import annotations

import pytest

from service.catalog.assistants.clause_reading import read_clause
from service.catalog.clause_kinds.clause_assistants import AssistKind
from service.catalog.law_text.revocation import grounds_in, revocation_presets
from service.domain.text import Text

ROLES = (
    ("office", Text("办公室", "Office")),
    ("committee", Text("评审委员会", "Committee")),
    ("government", Text("人民政府（新增）", "the government (added)")),
)


def test_ground_bodies_and_numbers_stand_as_the_clause_says_them() -> None:
    text = (
        "获奖组织在获奖后五年内发生重大质量安全事故的，办公室应当自知悉之日起20个工作日内调查核实，听取其陈述，"
        "由评审委员会提请市人民政府撤销奖励，三十日内交回证书，三年内不得再次申报。"
    )
    assert revocation_presets(text, ROLES) == {
        "ground": "发生重大质量安全事故",
        "within_years": "5",
        "inquiry_days": "20",
        "proposer": "committee",
        "decider": "government",
        "recover": "certificate",
    }
    told = revocation_presets("撤销称号，追缴证书、奖牌和奖金。", ROLES)
    assert told["recover"] == "certificate plaque prize"


def test_a_ground_keeps_its_first_character() -> None:
    said = "获奖组织有效期内发生重大质量安全事故的，由人民政府撤销其称号。"
    assert grounds_in(said) == ("有效期内发生重大质量安全事故",)
    assert grounds_in("获奖组织有弄虚作假行为的，撤销其称号。") == ("弄虚作假行为",)


def test_accidents_of_several_kinds_are_one_ground() -> None:
    said = "获奖组织在有效期内发生重大质量、安全、环保事故的，由人民政府撤销其称号，三年内不得再次申报。"
    assert revocation_presets(said, ROLES)["ground"] == "在有效期内发生重大质量、安全、环保事故"


def test_what_a_clause_does_not_say_is_left_out() -> None:
    assert revocation_presets("弄虚作假的，撤销其奖励。", ROLES) == {"ground": "弄虚作假"}


@pytest.mark.parametrize(
    ("said", "grounds"),
    [
        (
            "获奖组织以弄虚作假等不正当手段骗取奖项，或者在有效期内发生重大质量、安全事故的，由市人民政府撤销其称号。",
            ("以弄虚作假等不正当手段骗取奖项", "在有效期内发生重大质量、安全事故"),
        ),
        (
            "弄虚作假骗取奖励的，撤销其奖励，五年内不得申报。发生重大质量事故的，撤销其奖励，五年内不得申报。",
            ("弄虚作假骗取奖励", "发生重大质量事故"),
        ),
        ("采取弄虚作假、行贿等手段骗取荣誉的，撤销其称号。", ("采取弄虚作假、行贿等手段骗取荣誉",)),
        ("以欺骗、贿赂等不正当手段获奖的；", ("以欺骗、贿赂等不正当手段获奖",)),
        ("获奖后三年内发生较大以上安全事故的；", ("发生较大以上安全事故",)),
        ("被撤销质量奖的组织，5年内不得申报。", ()),
        ("提供虚假材料的，取消其申报资格。", ()),
        ("骗取奖励的，撤销奖励。逾期不退回奖金的，依法追缴。", ("骗取奖励",)),
    ],
)
def test_every_ground_is_read_and_none_that_is_of_something_else(said: str, grounds: tuple[str, ...]) -> None:
    assert grounds_in(said) == grounds
    assert read_clause(AssistKind.REVOCATION, said).fields.get("ground", "") == "；".join(grounds)


def test_a_ground_that_is_left_out_is_told() -> None:
    said = "弄虚作假的，撤销奖励，五年内不得申报。发生重大质量事故的，撤销奖励，三年内不得申报。"
    read = read_clause(AssistKind.REVOCATION, said)
    assert "value" not in read.fields
    assert "ground" not in read.fields, "one use writes one bar: of two bars somebody chooses"
    assert read.unread == ("弄虚作假的", "五年内不得申报", "发生重大质量事故的", "三年内不得申报")
    assert read.asked["ground"] == "弄虚作假；发生重大质量事故"
