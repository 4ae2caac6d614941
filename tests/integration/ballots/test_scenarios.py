"""Votes in scenarios: a designer writes one letter per member."""

from collections.abc import Callable
from pathlib import Path

import pytest

import handlers.ballot  # noqa: F401  registers the operations
from service.casework.simulate.playing.play import play
from service.casework.simulate.scenarios.scenario import read_scenario
from service.catalog import load_catalog
from service.catalog.calendars.calendars import bundled_calendars, load_calendars
from service.sdk import operations
from service.store import Store
from tests.support.ballots import DATA, PACKAGE

SEASON = """
title: 投票
start: 2026-03-02
steps:
  - {members: {role: leading_group, count: 9}}
  - {as: office, start: round, name: 届, with: {candidates: [{id: a, name: 甲}, {id: b, name: 乙}, {id: c, name: 丙}], recusals: RECUSALS}}
STEPS
expect:
EXPECT
"""

SEASONS = {
    "two tiers": (
        "[]",
        ["{case: 届, vote: {甲: yyyyyynnn, 乙: yyyyyynnn, 丙: nnnnn----}}", "{case: 届, vote: {丙: yyyyyyyyy}}"],
        ["{case: 届, ballot: 1, elected: [乙, 甲], quorum: true, cast: 9}", "{case: 届, ballot: 2, elected: [丙, 乙, 甲], tiers: [nomination], vacant: 1}"],
    ),
    "no quorum": (
        "[]",
        ["{case: 届, vote: {甲: yyyyyxxxx, 乙: yyyyyxxxx, 丙: nnnnnxxxx}}", "{until: 2026-03-03 12:00}"],
        ["{case: 届, ballot: 1, quorum: false, cast: 5, elected: [], contains: 须重新召集}", "{case: 届, ballot: 2, state: open, candidates: [丙, 乙, 甲]}"],
    ),
    "a recused member": (
        "[{voter: 'scenario-leading_group#1', candidate: a, reason: 亲属}]",
        ["{case: 届, vote: {甲: .yyyynnnn, 乙: yyyyyyyyy, 丙: nnnnnnnnn}}"],
        ["{case: 届, ballot: 1, elected: [乙], contains: '有效票8，赞成4（回避1人，不计入基数）', second_ballot: true}"],
    ),
    "a vote where the member is recused": (
        "[{voter: 'scenario-leading_group#1', candidate: a, reason: 亲属}]",
        ["{case: 届, vote: {甲: yyyyynnnn, 乙: yyyyyyyyy, 丙: nnnnnnnnn}, refused: vote, because: 回避}"],
        ["{case: 届, ballot: 1, state: open}"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SEASONS)
def test_a_scenario_votes(sqlite_url: str, open_store: Callable[[str], Store], name: str) -> None:
    recusals, steps, expect = SEASONS[name]
    text = SEASON.replace("RECUSALS", recusals)
    text = text.replace("STEPS", "\n".join(f"  - {s}" for s in steps))
    text = text.replace("EXPECT", "\n".join(f"  - {e}" for e in expect))
    package, calendars = load_catalog(DATA).packages[PACKAGE], load_calendars(bundled_calendars())
    played = play(open_store(sqlite_url), package, read_scenario(text.encode(), "votes.yaml"), calendars, operations())
    assert [str(u.message) for u in played.unmet] == []


NUMBERS = """
title: 组织的行号等于别家的候选编号
start: 2026-03-02
organisations: {甲: {name: 甲厂}, 乙: {name: 乙厂}}
steps:
  - {members: {role: leading_group, count: 9}}
  - {as: office, start: round, name: 届, with: {candidates: CANDIDATES, recusals: []}}
  - {case: 届, vote: {甲: yyyyyyyyy, 乙: nnnnnnnnn}REFUSED}
expect:
  - {case: 届, ballot: 1, elected: ELECTED}
"""


def played(store: Store, text: str) -> list[str]:
    package, calendars = load_catalog(DATA).packages[PACKAGE], load_calendars(bundled_calendars())
    return [
        str(u.message) for u in play(store, package, read_scenario(text.encode(), "x"), calendars, operations()).unmet
    ]


def fresh(folder: Path) -> Store:
    store = Store("sqlite://", folder, durable=False)
    store.create_tables()
    return store


def test_a_vote_goes_to_who_bears_the_name_whatever_the_numbers(tmp_path: Path) -> None:
    """The row of one organisation bears the number that the ballot gives the other: the name alone counts."""
    store = fresh(tmp_path)
    assert (
        played(store, NUMBERS.replace("CANDIDATES", "[{id: x, name: 甲厂}]").split("  - {case")[0] + "expect: []\n")
        == []
    )
    with store.read() as tx:
        one, other = (body.id for body in tx.people.bodies("*") if body.name in ("甲厂", "乙厂"))
    crossed = f"[{{id: '{other}', name: 甲厂}}, {{id: '{one}', name: 乙厂}}]"
    text = NUMBERS.replace("CANDIDATES", crossed).replace("REFUSED", "").replace("ELECTED", "[甲厂]")
    assert played(fresh(tmp_path), text) == []


def test_a_name_that_two_candidates_bear_is_refused(tmp_path: Path) -> None:
    same = "[{id: a, name: 甲厂}, {id: b, name: 甲厂}, {id: c, name: 乙厂}]"
    text = NUMBERS.replace("CANDIDATES", same).replace("REFUSED", "").replace("ELECTED", "[甲厂]")
    said = played(fresh(tmp_path), text)
    assert "“甲”的不止一个，请写办件名" in said[0], said


def with_member(name: str) -> str:
    """Return a season whose form names a member, inside a row of a list."""
    rows = f"[{{voter: {{expert: {name}}}, candidate: a, reason: 亲属}}]"
    head = SEASON.replace("RECUSALS", rows).split("STEPS")[0]
    return f"{head}expect: []\n"


def test_a_form_names_a_member_by_the_name_it_has_in_the_play(tmp_path: Path) -> None:
    store = fresh(tmp_path)
    assert played(store, with_member("'leading_group#2'")) == []
    with store.read() as tx:
        (first,) = [s for s in tx.forms.of_case(1) if "recusals" in s.data]
        who = tx.people.person(int(first.data["recusals"][0]["voter"]))
    assert who.name == "leading_group#2"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("'leading_group#12'", "没有叫“leading_group#12”的成员。这时有 leading_group#1、leading_group#2"),
        ("'jury#1'", "没有叫“jury#1”的成员。先用 members: {role: jury, count: …} 列入"),
        ("王五", "没有人物“王五”"),
    ],
)
def test_a_form_that_names_nobody_is_refused(tmp_path: Path, name: str, said: str) -> None:
    (unmet,) = played(fresh(tmp_path), with_member(name))
    assert said in unmet


def test_members_of_one_role_are_numbered_on(tmp_path: Path) -> None:
    twice = with_member("'leading_group#11'").replace(
        "count: 9}}\n", "count: 9}}\n  - {members: {role: leading_group, count: 2}}\n"
    )
    assert played(fresh(tmp_path), twice) == []
