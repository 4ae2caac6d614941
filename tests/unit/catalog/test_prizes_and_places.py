"""Prizes by tier and person, where something is made known, and days after the award: read, asked or told as unread; never wrong."""

from __future__ import annotations

from itertools import product

import pytest

from service.catalog.assistants.clause_reading import kinds_said, read_clause
from service.catalog.assistants.suggested_kind import suggested_kind
from service.catalog.clause_kinds.clause_assistants import AssistKind as K
from service.catalog.law_text.groups_said import groups_said
from service.catalog.law_text.kinds import guessed_kind
from service.catalog.law_text.tiers_said import tier_called

CROSSED = ("500000", "100000", "200000", "50000")
EACH = [
    ("组织奖每家奖励100万元，个人奖每人奖励10万元。", {"组织奖": "1000000", "个人奖": "100000"}),
    (
        "获得质量奖的组织每家奖励100万元，获得质量奖的个人每人奖励10万元。",
        {"质量奖的组织": "1000000", "质量奖的个人": "100000"},
    ),
    ("质量奖：组织每个奖励30万元，个人每人奖励3万元。", {"组织": "300000", "个人": "30000"}),
    ("对每家获奖组织奖励人民币60万元，每位获奖个人奖励人民币6万元。", {"组织": "600000", "个人": "60000"}),
    ("组织奖、个人奖分别奖励100万元和10万元。", {"组织奖": "1000000", "个人奖": "100000"}),
    ("受表彰的组织和个人分别给予30万元、3万元奖励。", {"组织": "300000", "个人": "30000"}),
    (
        "一等奖每家奖励100万元，二等奖每家50万元，三等奖每家20万元。",
        {"一等奖": "1000000", "二等奖": "500000", "三等奖": "200000"},
    ),
]
EACH += [
    (text, {f"{prize}{whom}": value for (prize, whom), value in zip(product(prizes, persons), CROSSED, strict=True)})
    for text, prizes, persons in (
        (
            "对获得质量奖的，给予组织奖50万元、个人奖10万元奖励；对获得质量提名奖的，给予组织奖20万元、个人奖5万元奖励。",
            ("质量奖", "质量提名奖"),
            ("组织奖", "个人奖"),
        ),
        (
            "质量奖组织每家奖励50万元、个人每名奖励10万元；提名奖组织每家奖励20万元、个人每名奖励5万元。",
            ("质量奖", "提名奖"),
            ("的组织", "的个人"),
        ),
        (
            "获质量奖的组织奖励50万元、个人奖励10万元；获提名奖的组织奖励20万元、个人奖励5万元。",
            ("质量奖", "提名奖"),
            ("的组织", "的个人"),
        ),
    )
]
"""Of each of two prizes an amount for organisations and one for persons."""
UNDECIDED = [
    "质量奖组织奖、个人奖各奖励50万元、10万元；提名奖组织奖奖励20万元。",
    "市长质量奖奖励80万元，其中组织50万元、个人30万元；提名奖组织奖励30万元、个人奖励3万元。",
    "每届奖励总额不超过500万元，其中组织奖每家100万元，个人奖每人10万元。",
    "对首次获得质量奖的组织奖励50万元，再次获得的奖励20万元。",
    "对获得组织奖的，每家给予50万元奖励；对获得个人奖的，每人给予5万元奖励。",
]
SAID = [
    (K.PRIZE, "表彰后30日内，由市财政局将奖金拨付至获奖组织。", {"pay_days": "30"}, ()),
    (K.PRIZE, "自表彰决定公布之日起二十日内，市财政局将奖金发放到位。", {"pay_days": "20"}, ()),
    (K.PRIZE, "奖金在表彰决定发布后30日内拨付。", {"pay_days": "30"}, ()),
    (K.PRIZE, "表彰后六十日内，拨付奖金的50%。", {}, ("表彰后六十日内", "拨付奖金的50%")),
    (K.PRIZE, "表彰后30个工作日内，由市财政局将奖金拨付至获奖组织。", {}, ("表彰后30个工作日内",)),
    (
        K.TIME_LIMIT,
        "获奖组织应当在表彰后30日内提交质量改进计划。",
        {"value": "30", "unit": "calendar_days", "bound": "maximum"},
        (),
    ),
    (
        K.NOTICE,
        "拟奖名单在市人民政府门户网站公示7个工作日。",
        {"value": "7", "unit": "working_days", "bound": "minimum"},
        ("拟奖名单在市人民政府门户网站公示7个工作日",),
    ),
    (
        K.NOTICE,
        "评审结果通过市政府网站、主要新闻媒体向社会公示，公示期不少于5日。",
        {"value": "5", "unit": "calendar_days", "bound": "minimum"},
        ("评审结果通过市政府网站、主要新闻媒体向社会公示",),
    ),
    (K.CALL, "办公室在门户网站发布申报通知。", {"channels": "门户网站"}, ()),
    (
        K.CALL,
        "办公室应当通过市政府门户网站和新闻媒体发布申报公告。",
        {"channels": "市政府门户网站和新闻媒体"},
        (),
    ),
]  # fmt: skip


@pytest.mark.parametrize(("text", "each"), EACH, ids=[text[:14] for text, _ in EACH])
def test_a_prize_of_each_is_that_of_each(text: str, each: dict[str, str]) -> None:
    assert suggested_kind(guessed_kind(text), text) is K.PRIZE
    read = read_clause(K.PRIZE, text)
    assert {said.name: said.value for said in read.each} == each
    assert (read.unread, "value" in read.fields) == ((), False)


@pytest.mark.parametrize("text", UNDECIDED, ids=[text[:14] for text in UNDECIDED])
def test_several_amounts_that_belong_to_nobody_for_sure_are_asked(text: str) -> None:
    read = read_clause(K.PRIZE, text)
    assert K.PRIZE in {suggested_kind(guessed_kind(text), text), *kinds_said(text)}
    assert "value" not in read.fields
    assert read.each == ()
    assert read.asked["value"]
    assert read.unread


@pytest.mark.parametrize(
    ("kind", "text", "fields", "unread"), SAID, ids=[f"{kind.value}: {text[:14]}" for kind, text, *_ in SAID]
)
def test_days_and_places_are_read_or_told(kind: K, text: str, fields: dict[str, str], unread: tuple[str, ...]) -> None:
    assert kind in {suggested_kind(guessed_kind(text), text), *kinds_said(text)}
    read = read_clause(kind, text)
    assert (dict(read.fields), read.unread) == (fields, unread)


@pytest.mark.parametrize(
    ("name", "tier"),
    [
        ("质量奖的组织", "organisation"),
        ("质量奖个人奖", "person"),
        ("提名奖的组织", ""),
        ("组织", "organisation"),
        ("创新奖", ""),
    ],
)
def test_a_prize_and_whom_it_is_for_name_a_tier_however_it_is_written(name: str, tier: str) -> None:
    tiers = [("organisation", "市长质量奖（组织）"), ("person", "市长质量奖（个人）")]
    assert tier_called(name, tiers) == tier


def test_whom_alone_is_no_tier_where_two_prizes_are_given_to_them() -> None:
    tiers = [("first", "质量奖（组织）"), ("second", "提名奖（组织）"), ("third", "提名奖（个人）")]
    assert tier_called("组织", tiers) == ""
    assert tier_called("个人", tiers) == "third"


ONE_PRIZE = [
    (K.QUOTA, "质量奖每届授予组织不超过3个、个人不超过2个。", ("3", "2")),
    (K.QUOTA, "每届质量奖组织3个、个人2个。", ("3", "2")),
    (K.PRIZE, "质量奖组织每家奖励50万元、个人每名奖励10万元。", ("500000", "100000")),
    (K.PRIZE, "对获得质量奖的组织奖励50万元，个人奖励10万元。", ("500000", "100000")),
]


@pytest.mark.parametrize(("kind", "text", "values"), ONE_PRIZE)
def test_one_prize_gives_organisations_and_persons_a_number_each(kind: K, text: str, values: tuple[str, str]) -> None:
    read = read_clause(kind, text)
    assert {said.name: said.value for said in read.each} == dict(
        zip(("质量奖的组织", "质量奖的个人"), values, strict=True)
    )
    assert (read.unread, "value" in read.fields) == ((), False)


def test_a_cut_off_names_its_tier_before_the_points_or_behind_them() -> None:
    for text in (
        "综合得分达到700分的，列为质量奖候选组织；达到600分的，列为提名奖候选组织。",
        "质量奖候选组织综合得分不低于700分，提名奖不低于600分。",
    ):
        assert {said.name: said.value for said in read_clause(K.CUT_OFF, text).each} == {
            "质量奖": "700",
            "提名奖": "600",
        }
    assert read_clause(K.CUT_OFF, "得分低于600分的，不列为候选。").each == ()


def test_how_many_prizes_there_are_is_no_quota() -> None:
    read = read_clause(K.QUOTA, "奖项分为质量奖和提名奖两个奖项，每届质量奖不超过3个，提名奖不超过5个。")
    assert {said.name: said.value for said in read.each} == {"质量奖": "3", "提名奖": "5"}


@pytest.mark.parametrize(
    ("text", "groups"),
    [
        ("每届质量奖中制造业不超过3家、服务业不超过2家。", {"制造业": "3", "服务业": "2"}),
        ("其中大型企业2家，中小企业3家，小微企业1家。", {"大型企业": "2", "中小企业": "3", "小微企业": "1"}),
        ("质量奖每届授予组织不超过3个、个人不超过2个。", {"组织": "3", "个人": "2"}),
        ("制造业不超过3家。", {}),
        ("制造业不超过3家、制造业不超过2家。", {}),
    ],
)
def test_the_groups_of_one_award_have_a_number_each(text: str, groups: dict[str, str]) -> None:
    assert {said.name: said.value for said in groups_said(text)} == groups
    assert (K.GROUP_PLACES in kinds_said(text)) is bool(groups)


def test_a_rest_paid_next_year_once_something_was_examined_waits_for_both() -> None:
    read = read_clause(K.PRIZE, "第一期拨付百分之六十，其余在次年质量改进情况评估合格后拨付。")
    assert (read.fields["share_2"], read.fields["when_2"], read.unread) == ("40", "next_year_event", ())
    several = read_clause(K.PRIZE, "获奖当年发放50%，第二年、第三年考核合格后分别发放30%和20%。")
    assert "when_2" not in several.fields
