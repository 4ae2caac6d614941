"""A finished round that is replayed under its own rules comes out as it did: whatever is on record is done in its order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from service.casework.simulate import Scenario, read_scenario
from service.casework.simulate.playing.play import play_move
from service.casework.simulate.playing.scenario_result import play_for_result
from service.casework.simulate.seasons.season_difference import season_differences
from service.casework.simulate.seasons.season_record import CaseEnd, SeasonRecord, season_record
from service.casework.simulate.stage.empty_store import empty_store
from service.casework.simulate.stage.stage import PlayState, open_stage, with_parameters
from service.casework.studio.replay.masked_seasons import FinishedRound, finished_rounds, past_seasons
from service.casework.studio.replay.name_mask import every_name
from service.casework.studio.replay.past_order import PastOrder
from service.casework.studio.replay.past_returns import return_steps
from service.catalog import Package, load_catalog, load_package
from service.catalog.calendars.calendars import bundled_calendars, load_calendars
from service.domain.calendar import WorkingCalendar, local_date
from service.sdk import operations
from service.store import Transaction
from service.store.rows import AuditRow, CaseRow, TaskRow
from tests.support.tree import PROJECT, lay_out
from tests.support.turns import every_so_often

pytestmark = pytest.mark.share(3)

Calendars = Mapping[str, WorkingCalendar]
KEY = "example_city/quality_award"
EXAMPLE = f"tests/data/example_city/processes/{KEY}/scenarios/clean_season.yaml"
LIST = "  - {at: 2026-03-27 09:00, as: office, case: 届, complete: submit_list, with: {signer: 王正清, contact: 李文, text: 拟授予下列企业和个人，请审定。}}\n"
STOOD_STILL = f"{LIST}  - {{as: administrator, case: 届, suspend: 核实材料}}\n  - {{as: administrator, case: 届, resume: 已经核实}}\n"
ROUNDS = (
    "urumqi/quality_award/scenarios/in_person",  # experts come, one is replaced, others declare: all at nine o'clock
    "urumqi/quality_award/scenarios/recalled_ten_times",
    "yining/quality_award/scenarios/clean",  # a body acts outside its tasks as the person who did them
    "qingyuan/quality_award/scenarios/fraud",  # what comes after the award goes on after its end
    "qingyuan/quality_award/scenarios/new_vote",  # a member who sat on no roll is called as one who did
    "kizilsu/quality_award/scenarios/disqualified_stages",  # an organisation examines another and applies for nothing itself
)


def finished(package: Package, season: Scenario) -> tuple[Calendars, list[tuple[SeasonRecord, Scenario]]]:
    """Let a season happen; return by which calendars, and its finished rounds, as they came out and as scenarios."""
    with empty_store() as store:
        stage = open_stage(store, package, season, load_calendars(bundled_calendars()), operations())
        for move in season.moves:
            assert play_move(stage, move) == []
        stage.drain()
        with store.read() as tx:
            known = tuple(every_name(tx))
            rounds = [
                FinishedRound(stage.desk, tx, stage.package, case, known) for case in finished_rounds(tx, package)
            ]
            scenarios = [one.masked().scenario for one in rounds]
        found = [(_record(stage, one), scenario) for one, scenario in zip(rounds, scenarios, strict=True)]
        return stage.desk.calendars, found


def _record(stage: PlayState, one: FinishedRound) -> SeasonRecord:
    """Return what a round came to, its cases called as in its replay; prizes of the rounds after it are none of its own."""
    stage.cases = {nick: ident for ident, nick in one.nicks.items()}
    record = season_record(stage)
    spans = tuple(span for span in record.spans if span.case in stage.cases)
    with stage.desk.store.read() as tx:
        ends = {nick: _own_prizes(tx, one.root, ident, record.ends[nick]) for nick, ident in stage.cases.items()}
    return replace(record, spans=spans, ends=ends)


def _own_prizes(tx: Transaction, root: CaseRow, case: int, end: CaseEnd) -> CaseEnd:
    """Return how a case stands at the end, with the prizes that its subject won while its round ran."""
    subject = tx.cases.get(case).subject_id
    if subject is None or root.ended_at is None:
        return end
    last = local_date(root.ended_at)
    awards = [award for award in tx.register.awards(subject) if award.decided_on <= last]
    revoked = tuple((award.tier, award.revoked_on) for award in awards if award.revoked_on is not None)
    return replace(end, awards=tuple(award.tier for award in awards), revoked=revoked)


def check_alike(package: Package, text: bytes, name: str) -> list[Scenario]:
    """Check that every finished round of a season comes out alike under the same package; returns them as scenarios."""
    season = read_scenario(text, name)
    package = with_parameters(package, season)
    calendars, rounds = finished(package, season)
    assert rounds
    for record, scenario in rounds:
        with empty_store() as store:
            again = play_for_result(store, package, scenario, calendars, operations(), past_refusals=True)
        assert [(line.number, line.messages) for line in again.lines if line.messages] == []
        assert again.record is not None
        assert season_differences(record, again.record) == ()
        assert again.incidents == ()
    return [scenario for _, scenario in rounds]


def package_at(path: Path) -> Package:
    """Return the package in whose folder a scenario lies."""
    award = path.parents[1]
    return load_package(path.parents[4], award.parent.name, award.name)


@pytest.mark.parametrize(
    "name", [pytest.param(n, marks=every_so_often(i, 2)) if i else n for i, n in enumerate(ROUNDS)]
)
def test_a_finished_round_of_a_city_comes_out_alike(name: str) -> None:
    path = PROJECT / f"processes/{name}.yaml"
    check_alike(package_at(path), path.read_bytes(), path.name)


def test_what_stood_still_is_repeated_too(tmp_path: Path) -> None:
    path = PROJECT / EXAMPLE
    text = path.read_text("utf-8")
    assert LIST in text
    example = load_catalog(lay_out(tmp_path / "tree", PROJECT / "tests/data/example_city")).package(KEY)
    [scenario] = check_alike(example, text.replace(LIST, STOOD_STILL).encode(), path.name)
    verbs = [move.verb for move in scenario.moves]
    assert (verbs.count("suspend"), verbs.count("resume")) == (1, 1)


def test_what_was_sent_back_and_taken_back_is_a_step_with_its_reason_masked() -> None:
    at = datetime(2026, 3, 27, 1, tzinfo=UTC)
    told: dict[str, Any] = {"case_id": 7, "process_id": "p", "jurisdiction": "x", "subject": "甲公司", "engine_id": "e"}
    tasks = [
        TaskRow(id=4, element="submit_list", title="甲公司：呈报政府审定", role="office", created_at=at, **told),
        TaskRow(id=5, element="decide_list", title="甲公司：审定", role="government", created_at=at, **told),
    ]
    kept: dict[str, Any] = {"case_id": 7, "at": at, "previous": "", "hash": ""}
    events = [
        AuditRow(id=30, seq=1, action="taken_back", actor="李文", text="李文取回", data={"task": 4}, **kept),
        AuditRow(
            id=32,
            seq=2,
            action="sent_back",
            actor="赵强",
            text="赵强退回“甲公司：审定”：李文写错",
            data={"task": 5},
            **kept,
        ),
    ]
    order, case = PastOrder(events, {7: events}), CaseRow.__new__(CaseRow)
    object.__setattr__(case, "id", 7)
    found = return_steps(order, case, tasks, lambda task, _person: task.role, lambda text: text.replace("李文", "某某"))
    assert list(found) == [
        (at, 60, {"as": "office", "take_back": "submit_list"}),
        (at, 64, {"as": "government", "send_back": "decide_list", "reason": "某某写错"}),
    ]


def test_that_earlier_rounds_are_not_repeated_is_said() -> None:
    path = PROJECT / "processes/urumqi/quality_award/scenarios/cycle_known.yaml"
    package, season = package_at(path), read_scenario(path.read_bytes(), path.name)
    with empty_store() as store:
        stage = open_stage(store, package, season, load_calendars(bundled_calendars()), operations())
        for move in season.moves:
            assert play_move(stage, move) == []
        with store.read() as tx:
            [past] = past_seasons(stage.desk, tx, stage.package)
    assert ["此前启动的1届不随这一届重演" in note.zh for note in past.notes] == [True]
