"""How many votes each tier takes, and for how long its winners are barred: read apart, or nothing."""

from __future__ import annotations

import pytest

from service.catalog.assistants.clause_reading import read_clause
from service.catalog.clause_kinds.clause_assistants import AssistKind as K

OWN = ("金奖", "银奖", "质量奖", "提名奖")
BARS = [
    (
        "获得金奖的组织六年内不得再次申报，获得银奖的组织三年内不得再次申报。",
        {"金奖的组织": "6", "银奖的组织": "3"},
        "",
    ),
    (
        "获得质量奖的，五年内不得再次申报；获得提名奖的，三年内不得再次申报提名奖。",
        {"质量奖": "5", "提名奖": "3"},
        "提名奖",
    ),
    ("金奖获奖组织6年内不再申报，银奖获奖组织3年内不得再次申报银奖。", {"金奖": "6", "银奖": "3"}, "银奖"),
    (
        "已获得金奖的组织，获奖之日起六年内不得再次申报；已获得银奖的组织，可以申报金奖，但三年内不得再次申报银奖。",
        {"金奖的组织": "6", "银奖的组织": "3"},
        "银奖",
    ),
    ("近五年内获得过质量奖、近三年内获得过提名奖的组织，不得申报。", {"质量奖": "5", "提名奖": "3"}, ""),
    ("获质量奖、提名奖的，分别在5年、2年内不得申报。", {"质量奖": "5", "提名奖": "2"}, ""),
]
VOTES = [
    ("金奖须经到会委员三分之二以上同意，银奖须经到会委员过半数同意。", {"金奖": ">= 2/3", "银奖": "> 1/2"}, None),
    (
        "获得全体委员三分之二以上赞成票的，可以授予金奖；超过半数赞成票的，可以授予银奖。",
        {"金奖": ">= 2/3", "银奖": "> 1/2"},
        None,
    ),
    (
        "评委会会议应当有全体委员的三分之二以上出席。分两轮：第一轮获得到会委员三分之二以上同意的，列为金奖候选；"
        "其余的进行第二轮表决，获得到会委员半数以上同意的，列为银奖候选。",
        {"金奖": ">= 2/3", "银奖": ">= 1/2"},
        "2/3",
    ),
]


@pytest.mark.parametrize(("text", "years", "only"), BARS)
def test_each_tier_has_a_bar_of_its_own(text: str, years: dict[str, str], only: str) -> None:
    each = read_clause(K.BAR, text, OWN).each
    assert {one.name: one.value for one in each} == years
    read = [read_clause(K.BAR, text, OWN, one.name) for one in each]
    assert [one.fields["value"] for one in read] == list(years.values())
    assert [one.fields.get("applying", "") for one in read] == ["", only]
    assert [one.unread for one in read] == [(), ()]


@pytest.mark.parametrize(
    "text",
    [
        "获奖组织六年内不得再次申报。",
        "获得金奖的六年内、两年内受过处罚的不得申报。",
        "获得金奖、银奖的，六年内、三年内不得申报。",
    ],
)
def test_a_number_without_a_tier_of_its_own_is_nobodys(text: str) -> None:
    assert read_clause(K.BAR, text, OWN).each == ()


@pytest.mark.parametrize(("text", "shares", "attending"), VOTES)
def test_each_tier_has_votes_of_its_own(text: str, shares: dict[str, str], attending: str | None) -> None:
    each = read_clause(K.MAJORITY, text).each
    assert {one.name: one.value for one in each} == shares
    read = [read_clause(K.MAJORITY, text, (), one.name) for one in each]
    assert [one.fields.get("second") for one in read] == [attending, attending]
    assert [one.unread for one in read] == [(), ()]
