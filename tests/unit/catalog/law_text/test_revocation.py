"""What a clause on revocation says of itself."""

from __future__ import annotations

from service.catalog.law_text.revocation import revocation_presets
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


def test_accidents_of_several_kinds_are_one_ground() -> None:
    said = "获奖组织在有效期内发生重大质量、安全、环保事故的，由人民政府撤销其称号，三年内不得再次申报。"
    assert revocation_presets(said, ROLES)["ground"] == "发生重大质量、安全、环保事故"


def test_what_a_clause_does_not_say_is_left_out() -> None:
    assert revocation_presets("弄虚作假的，撤销其奖励。", ROLES) == {"ground": "弄虚作假"}
