"""The kind of a clause that is proposed for confirmation, by its words and by what its article says before its items."""

from __future__ import annotations

import pytest

from service.catalog.law_text.kinds import guessed_kind


@pytest.mark.parametrize(
    ("text", "lead", "kind"),
    [
        ("有异议的，应当在公示期内以书面形式提出。", "", "objection"),
        ("拟奖名单向社会公示不少于5个工作日。", "", "notice"),
        ("经公示无异议的，报市人民政府审定。", "", "procedure"),
        ("三分之二以上委员出席，得票超过出席委员半数的当选。", "", "vote"),
        ("每届获奖组织不超过5个，可以空缺。", "", "quota"),
        ("给予一次性奖励30万元，颁发奖牌和证书。", "", "prize"),
        ("弄虚作假骗取奖励的，撤销其奖励，追回证书和奖金。", "", "sanction"),
        ("评审工作经费列入财政预算，不向申报组织收取费用。", "", "fee"),
        ("本办法自2026年1月1日起施行。", "", "validity"),
        ("评审人员对申报组织的商业秘密负有保密责任。", "", "confidentiality"),
        ("办公室应当自收到申报材料之日起10个工作日内答复。", "", "time_limit"),
        ("为激励组织追求卓越，根据《中华人民共和国产品质量法》，结合本市实际，制定本办法。", "", "other"),
        ("具有独立法人资格。", "申报组织应当具备下列条件：", "eligibility"),
        ("研究重大事项。", "评审委员会履行下列职责：", "role"),
        ("研究重大事项。", "", "other"),
    ],
)
def test_a_kind_is_proposed_by_the_words(text: str, lead: str, kind: str) -> None:
    assert guessed_kind(text, lead) == kind
