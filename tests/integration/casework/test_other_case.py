"""What a step of one case changes about another stands in the other's history too."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from service.casework.access.actor import SYSTEM, Actor
from service.casework.handler_services.register import RegisterPort
from service.casework.queries.cases.view_case import view_case
from service.casework.queries.tasks.view_task import view_task
from service.casework.simulate.playing.play import play_move
from service.casework.simulate.stage.stage import PlayState
from service.casework.simulate.stage.verbs import DOERS
from service.casework.step.save import save_step
from service.casework.step.step import open_step
from service.casework.tasks.delegate import delegate_task
from service.store import Store
from service.store.models import AuditRow, AwardRow, CaseRow
from tests.integration.interventions.test_interventions import reviewed
from tests.support.desks import Bench
from tests.support.half_seasons import season_until
from tests.support.review import season


def told(bench: Bench, case: int) -> list[AuditRow]:
    with bench.desk.store.read() as tx:
        assert tx.history.verify(case) is None
        return [event for event in tx.history.newest(case) if event.action == "register"]


def conferred(bench: Bench, case: int) -> int:
    with bench.desk.store.write() as tx:
        body = tx.cases.get(case).subject_id
        assert body is not None
        return tx.awards.insert(AwardRow(
                jurisdiction=bench.case(case).jurisdiction, award=bench.case(case).award, tier="quality", body_id=body,
                round="2024", decided_on=date(2024, 5, 1), number=None, details={"case": case},
            ))  # fmt: skip


def revoked(bench: Bench, case: int, award: int) -> None:
    with bench.desk.store.write() as tx:
        step = open_step(bench.desk, tx, case, SYSTEM)
        RegisterPort(step).revoke(award, date(2026, 3, 1), "弄虚作假")
        save_step(step)
    bench.drain()


def test_a_revocation_stands_in_the_case_that_conferred_the_award_too(bench: Bench) -> None:
    conferring, revoking = reviewed(bench), reviewed(bench)
    award = conferred(bench, conferring)
    revoked(bench, revoking, award)
    [own] = told(bench, revoking)
    [other] = told(bench, conferring)
    assert (own.text, other.text) == ("撤销登记：弄虚作假", f"因办件{revoking}：撤销登记：弄虚作假")
    assert (other.data["award"], other.data["because"]) == (award, revoking)
    revoked(bench, revoking, award)
    assert len(told(bench, conferring)) == 1, "what was revoked before changes nothing there"


def test_the_other_case_is_named_to_who_may_open_it_alone(bench: Bench) -> None:
    """Who is recused from whom a revocation is about, or only read the conferring case, learns no name and no reason."""
    conferring, revoking = reviewed(bench), reviewed(replace(bench, applicant=bench.stranger))
    about = bench.stranger.seats[0].body_id
    revoked(bench, revoking, conferred(bench, conferring))

    def read(actor: Actor) -> list[str]:
        events = view_case(bench.desk, actor, conferring).brief.events
        return [event.text for event in events if event.action == "register"]

    hidden = ["另一办件改动了与本办件有关的登记"]
    assert read(bench.office) == [f"因办件{revoking}“{bench.case(revoking).title}”：撤销登记：弄虚作假"]
    assert read(replace(bench.office, recused=frozenset({about}))) == hidden
    assert read(bench.applicant) == hidden


# Of one title one revocation runs at a time, also while the first is suspended and however it was begun.

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
def upheld(sqlite_store: Store) -> Callable[[str], PlayState]:
    """Play the season until objection ``nick`` is about to be investigated."""
    return lambda nick: season_until(KEY, SEASON, sqlite_store, "investigate_by_office", nick)


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
        return "\n".join(event.text for event in tx.history.newest(stage.case("撤")) if event.action == "joined")


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


# An investigation of an objection may go to another body with the same duty, in each of the cities.


def test_another_department_is_given_it_by_name_and_does_it(sqlite_store: Store) -> None:
    stage = season_until("ganzhou/quality_award", "objection_holds", sqlite_store, "investigate_elsewhere", "异甲")
    (task,) = [one for one in stage.open_tasks("异甲") if one.element == "investigate_elsewhere"]
    mine, theirs = stage.cast.actor("department@emergency"), stage.cast.actor("department@ecology")
    assert task.body_id in mine.body_ids
    assert not theirs.body_ids & mine.body_ids
    shown = view_task(stage.desk, mine, task.id, handing_on=True).rights
    assert shown.stays is None
    assert theirs.person_id in dict(shown.delegates)
    assert shown.delegates[0][0] != theirs.person_id or len(shown.delegates) == 1  # colleagues stand first
    delegate_task(stage.desk, mine, task.id, task.version, theirs.person_id or 0, "事故现场由生态环境部门处置")
    (moved,) = [one for one in stage.open_tasks("异甲") if one.element == "investigate_elsewhere"]
    assert (moved.body_id, moved.assignee_id, moved.due_at) == (min(theirs.body_ids), theirs.person_id, task.due_at)
    move = next(one for one in stage.scenario.moves if (one.value, one.case) == ("investigate_elsewhere", "异甲"))
    DOERS["complete"](stage, move, theirs)
    stage.drain()
    assert [one.element for one in stage.open_tasks("异甲")] == ["find_objection"]
