"""Of one title one revocation runs at a time, also while the first is suspended and however it was begun."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from service.casework.simulate.playing.play import play_move
from service.casework.simulate.stage.stage import PlayState
from service.store import Store
from service.store.rows import CaseRow
from tests.support.half_seasons import season_until
from tests.support.review import season

KEY, SEASON = "ganzhou/quality_award", "objection_upheld_after_award"
UPHELD = (
    "{as: office, case: %s, complete: investigate_by_office, with: {facts: 生产许可系伪造。, opinion: 'true', reasons: 有证明。, report: 'file:报告.pdf'}}",
    "{as: committee, case: %s, complete: find_objection, with: {finding_result: substantiated, reasons: 经复核异议成立。}}",
    "{as: office, case: %s, complete: sign_reply, with: {to_organisation: 另行办理。}}",
)
SUSPENDED = "{as: administrator, case: 撤, suspend: 法院正在审理}"
RESUMED = "{as: administrator, case: 撤, resume: 审理终结}"
STATED = "{as: office, case: 撤, complete: state_ground, with: {ground: fraud, happened_on: 2026-03-09}}"
BY_HAND = (
    "{find: supervision, parent: 届, for: 甲, name: 甲管}",
    "{as: office, start: revocation, parent: 甲管, name: 撤, for: 甲, with: {suspicion: 自评报告数据造假。}}",
)


@pytest.fixture
def upheld(sqlite_url: str, open_store: Callable[[str], Store]) -> Callable[[str], PlayState]:
    """Play the season until objection ``nick`` is about to be investigated."""
    return lambda nick: season_until(KEY, SEASON, open_store(sqlite_url), "investigate_by_office", nick)


def play(stage: PlayState, *steps: str) -> None:
    for move in season(*steps).moves:
        assert play_move(stage, move) == []


def uphold(stage: PlayState, nick: str) -> None:
    play(stage, *(step % nick for step in UPHELD))


def revocations(stage: PlayState) -> list[CaseRow]:
    with stage.desk.store.read() as tx:
        return [row for row in tx.cases.tree(stage.case("届")) if row.process == "revocation"]


def joined(stage: PlayState) -> str:
    """Return what the history of the revocation says of facts found beside it."""
    with stage.desk.store.read() as tx:
        return "\n".join(event.text for event in tx.history.of_case(stage.case("撤")) if event.action == "joined")


def test_it_waits_for_a_suspended_one(upheld: Callable[[str], PlayState]) -> None:
    """While a court had the first, a second revocation of the title began beside it."""
    stage = upheld("异二")
    play(stage, BY_HAND[0], "{find: revocation, parent: 甲管, for: 甲, name: 撤}", SUSPENDED)
    uphold(stage, "异二")
    assert len(revocations(stage)) == 1
    assert "已经暂停" in joined(stage)
    play(stage, RESUMED, "{until: 2026-05-08 09:00}")
    (row,) = revocations(stage)
    assert "生产许可系伪造" in str(row.facts["objection_facts"]), "nobody had handled it: it took the facts"
    play(stage, STATED, SUSPENDED)
    uphold(stage, "异三")
    assert len(revocations(stage)) == 1
    assert "等它办结后另行发起" in joined(stage)


def test_it_waits_for_one_that_the_office_began(upheld: Callable[[str], PlayState]) -> None:
    """Begun by hand it has other facts, so it was not found: the title had two proceedings."""
    stage = upheld("异")
    play(stage, *BY_HAND)
    uphold(stage, "异")
    assert [row.id for row in revocations(stage)] == [stage.case("撤")]
    assert "等它办结后另行发起" in joined(stage)
