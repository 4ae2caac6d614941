"""Clauses as regulations of counties, districts and prefectures have them: what is read, offered, and said to be unread."""

from __future__ import annotations

import pytest

from service.catalog.assistants.clause_reading import kinds_said, read_clause
from service.catalog.assistants.suggested_kind import suggested_kind
from service.catalog.clause_kinds.clause_assistants import AssistKind
from service.catalog.law_text.kinds import guessed_kind

K = AssistKind
_LOOKS_BACK = {"value": "3", "unit": "years", "since": "event"}
READ = [
    (
        K.BAR,
        "近3年内无重大质量、安全、环保等事故且信用良好，无相关违法、违规、违纪行为；",
        _LOOKS_BACK | {"what": "发生重大质量、安全、环保等事故或者有相关违法、违规、违纪行为"},
    ),
    (
        K.BAR,
        "近3年内无质量、安全、环保等责任事故(按行业规定);",
        _LOOKS_BACK | {"what": "发生质量、安全、环保等责任事故"},
    ),
    (
        K.BAR,
        "近3年所在组织无重大质量、安全、环境污染等事故、无因企业责任导致的客户、员工、供方、合作伙伴和社会对其的重大投诉，"
        "无其他较大及以上违法违规不良记录（至申报截止日期之前已完成信用修复的除外）。",
        _LOOKS_BACK
        | {
            "what": "发生重大质量、安全、环境污染等事故、因企业责任导致的客户、员工、供方、合作伙伴和社会对其的重大投诉"
            "或者有其他较大及以上违法违规不良记录"
        },
    ),
    (
        K.BAR,
        "近三年在各级质量安全监督检查中未出现不合格，无重大质量等事故（按照国家有关规定认定），无其他严重违法违规行为。",
        _LOOKS_BACK | {"what": "在各级质量安全监督检查中出现不合格或者发生重大质量等事故或者有其他严重违法违规行为"},
    ),
    (
        K.BAR,
        "近三年国家、自治区、州、市级产品质量监督抽查不合格或有重大质量、设备、安全、环保事故及重大质量投诉的；",
        _LOOKS_BACK
        | {
            "what": "出现国家、自治区、州、市级产品质量监督抽查不合格或有重大质量、设备、安全、环保事故及重大质量投诉"
        },
    ),
    (
        K.BAR,
        "近三年因重大质量事故受到行政处罚或个人受到行政处分的。",
        _LOOKS_BACK | {"what": "因重大质量事故受到行政处罚或个人受到行政处分"},
    ),
    (
        K.BAR,
        "近三年内被列入严重违法失信名单的组织，不得申报。",
        _LOOKS_BACK | {"what": "被列入严重违法失信名单"},
    ),
    (K.BAR, "最近三年内拒不配合监督检查的；", _LOOKS_BACK | {"what": "拒不配合监督检查"}),
    (K.BAR, "近三年内被授予质量荣誉的；", {}),
    (
        K.BAR,
        "质量奖获奖组织在获奖后5年内不得重复申报，质量奖提名奖获奖组织可以重复申报。",
        {"value": "5", "unit": "years", "since": "award", "spared": "质量奖提名奖"},
    ),
    (
        K.BAR,
        "获得“质量奖”的组织，自获奖年度起满四年可再次申请。获得“创新奖”的组织不受此限制。",
        {"value": "4", "unit": "years", "since": "award", "spared": "创新奖"},
    ),
    (
        K.BAR,
        "有下列情形之一的，由办公室报请市政府撤销其称号，收回奖牌、证书，追回奖金，并向社会公告，自撤销之日起5年内不得再次申报：",
        {"value": "5", "unit": "years", "since": "revocation"},
    ),
    (
        K.BAR,
        "市政府质量奖有效期为5年，获奖企业和组织有效期满后可再次申报。",
        {"value": "5", "unit": "years", "since": "award"},
    ),
    (K.BAR, "称号有效期3年，期满后可重新申报。", {"value": "3", "unit": "years", "since": "award"}),
    (K.BAR, "市政府质量奖仍在有效期内的。", {"since": "award"}),
    (
        K.QUOTA,
        "年度名额不超过2个，当年符合奖励条件的企业和组织未达到2个的，名额可以空缺。",
        {"value": "2", "unit": "count", "bound": "maximum"},
    ),
    (K.CUT_OFF, "当年符合奖励条件的企业和组织未达到2个的，名额可以空缺。", {}),
    (
        K.RECOMMENDATION,
        "县（区）质监部门应当自收到申报材料之日起10个工作日内进行初审，征求有关部门意见后，向评审委员会办公室推荐，每个县（区）推荐不超过3个。",
        {"value": "10", "unit": "working_days", "bound": "maximum", "places": "3"},
    ),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "text", "fields"), READ, ids=[f"{kind.value}: {text[:14]}" for kind, text, _ in READ])
def test_a_clause_of_a_regulation_is_read_as_its_words_say(kind: K, text: str, fields: dict[str, str]) -> None:
    found = dict(read_clause(kind, text).fields)
    found.pop("authorities", None)
    assert found == fields


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("办公室应当在收到异议材料之日起3个工作日内，将有关情况推送相关审核推荐单位进行异议调查。", K.OBJECTION_WINDOW),
        ("办公室应当将异议处理结果书面告知异议人及审核推荐单位。", K.OBJECTION_WINDOW),
        (
            "采取不正当手段骗取区政府质量奖称号的组织，报区人民政府撤销其荣誉称号，追缴证书和奖金，并向社会公告。",
            K.REVOCATION,
        ),
        ("县评审办可提请县政府批准撤销称号，收回奖牌、证书、奖金并予以公告。", K.REVOCATION),
        ("近3年所在组织无重大质量、安全事故、无因企业责任导致的重大投诉。", K.BAR),
        ("近三年因重大质量事故受到行政处罚或个人受到行政处分的。", K.BAR),
        ("市政府质量奖仍在有效期内的。", K.BAR),
        ("获奖企业和组织可以在有效期内宣传其获奖荣誉并注明获奖年份。", K.TIME_LIMIT),
        ("获政府质量奖的组织奖励 20\n万元，获政府质量提名奖的组织或个人奖励 3 万元，奖金由市财政统筹安排。", K.PRIZE),
        (
            "县（区）质监部门应当自收到申报材料之日起10个工作日内进行初审，征求有关部门意见后，向评审委员会办公室推荐。",
            K.RECOMMENDATION,
        ),
    ],
)
def test_a_clause_is_offered_the_assistant_that_its_words_need(text: str, kind: K) -> None:
    assert suggested_kind(guessed_kind(text), text) is kind


def test_a_number_within_another_is_not_taken_for_it() -> None:
    text = "办公室应当自收到材料之日起15个工作日内完成审核。申报组织应当在5个工作日内补正。"
    assert read_clause(K.CORRECTION, text).unread == ("办公室应当自收到材料之日起15个工作日内完成审核",)


def test_the_year_before_counts_nothing() -> None:
    said = "获奖组织应当于每年3月31日前报送上一年度质量管理情况报告。"
    assert read_clause(K.REPORTS, said).unread == ()


def test_each_limit_of_an_objection_is_read_by_its_own_words() -> None:
    said = (
        "办公室应当在收到异议材料之日起3个工作日内，将有关情况推送相关审核推荐单位进行异议调查，并附具全部证明材料的复印件，"
        "审核推荐单位应当在5个工作日内将调查情况书面报办公室，由2名工作人员签名。"
    )
    read = read_clause(K.OBJECTION_WINDOW, said)
    assert (read.fields["forwarding"], read.fields["investigation"]) == ("3", "5")
    assert read.unread == ("由2名工作人员签名",)


def test_when_somebody_may_apply_again_is_said_where_no_field_took_it() -> None:
    said = "市政府质量奖有效期为5年，获奖企业和组织有效期满后可再次申报。"
    assert read_clause(K.VALIDITY, said).unread == ("获奖企业和组织有效期满后可再次申报",)
    assert kinds_said(said) == (K.BAR, K.VALIDITY) or K.BAR in kinds_said(said)
    assert read_clause(K.BAR, said).unread == ()
    alone = read_clause(K.BAR, "市政府质量奖仍在有效期内的。")
    assert alone.asked == {"value": "仍在有效期内"}


def test_a_clause_with_two_bars_says_that_it_has_bars() -> None:
    said = "“质量奖”有效期为五年。获得“质量奖”的组织满四年可再次申请。获得“创新奖”的组织满一年即可再次申请。"
    assert K.BAR in kinds_said(said)
    assert read_clause(K.BAR, said).asked["value"] == "四年、一年"


def test_the_places_left_vacant_are_no_cut_off() -> None:
    assert K.CUT_OFF not in kinds_said("名额不超过2个，符合条件的组织未达到2个的，名额可以空缺。")


def test_what_is_done_to_the_criteria_every_so_many_years_is_no_cycle_of_the_award() -> None:
    said = "市政府质量奖评审标准根据质量管理理论及其实践的发展，每5年进行修订。"
    assert suggested_kind(guessed_kind(said), said) is K.TIME_LIMIT


def test_only_the_part_that_was_not_read_is_shown() -> None:
    said = "近3年无重大质量事故，无其他违法违规不良记录（已完成信用修复的除外）。"
    assert read_clause(K.BAR, said).unread == ("无其他违法违规不良记录（已完成信用修复的除外）",)
