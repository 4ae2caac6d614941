"""How severe each reviewer of a round was: beside the median of closed panels, for the office alone, never corrected."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

from service.casework.queries.rounds.round_figures import view_reviewers
from service.casework.simulate.playing.play import play_move
from service.casework.simulate.scenarios.scenario import read_scenario
from service.casework.simulate.stage.stage import open_stage
from service.catalog.calendars.calendars import bundled_calendars, load_calendars
from service.domain.errors import NotAllowed
from service.sdk import operations
from service.store import Store
from service.web import create_app
from tests.support.browsers import Browser, settings_for_tests
from tests.support.review import DECLARED, SCENARIOS, SCORED, ReviewBench, review_package

WHOLE = next(path for path in SCENARIOS if path.stem == "two_reviewed")


@pytest.fixture
def over(sqlite_url: str, open_store: Callable[[str], Store]) -> ReviewBench:
    """Two applications whose panels of three are closed: 60, 70, 50 % and 40, 50, about 45 %."""
    scenario = read_scenario(WHOLE.read_bytes(), WHOLE.name)
    calendars = load_calendars(bundled_calendars())
    stage = open_stage(open_store(sqlite_url), review_package(), scenario, calendars, operations())
    for move in scenario.moves:
        assert play_move(stage, move) == []
    return ReviewBench(stage)


def browser(bench: ReviewBench, who: str) -> Browser:
    bench.actor(who)
    return Browser(create_app(bench.desk, settings_for_tests()), bench, who)  # type: ignore[arg-type]


def distances(bench: ReviewBench, cases: Sequence[str]) -> dict[int, list[float]]:
    """By person how far the own sheets lie from the one in the middle of three, in percent."""
    found: dict[int, list[float]] = {}
    with bench.desk.store.read() as tx:
        for nick in cases:
            own = [
                row for row in tx.sheets.select(case_id=bench.case(nick)) if row.kind == "own" and row.state == "valid"
            ]
            given = {
                row.person_id: int(row.points.split("/")[0]) / int((row.points + "/1").split("/")[1]) for row in own
            }
            middle = sorted(given.values())[1]
            for person, points in given.items():
                found.setdefault(person, []).append((points - middle) / 10)
    return found


def test_the_office_sees_how_far_each_reviewer_lies_from_the_panels(over: ReviewBench) -> None:
    (stage,) = view_reviewers(over.desk, over.actor("office"), over.case("届")).stages
    wanted = distances(over, ("甲", "乙"))
    assert {one.person: float(one.apart) for one in stage.reviewers} == pytest.approx(
        {person: sum(of) / len(of) for person, of in wanted.items()}
    )
    assert sum(one.sheets for one in stage.reviewers) == 6
    assert [one.apart for one in stage.reviewers] == sorted(one.apart for one in stage.reviewers)
    assert stage.alone == 0
    recused = replace(over.actor("office"), recused=_about(over, "乙"))
    (rest,) = view_reviewers(over.desk, recused, over.case("届")).stages
    assert sorted(float(one.apart) for one in rest.reviewers) == [-10, 0, 10]


def _about(bench: ReviewBench, nick: str) -> frozenset[int]:
    with bench.desk.store.read() as tx:
        return frozenset({tx.cases.get(bench.case(nick)).subject_id or 0})


def test_it_is_told_to_nobody_but_the_office(over: ReviewBench) -> None:
    with over.desk.store.read() as tx:
        member = tx.panel_members.select(panel_id=[over.panel()[0].id])[0].person_id
    for stranger in (over.actor("甲"), over.member(member)):
        with pytest.raises(NotAllowed):
            view_reviewers(over.desk, stranger, over.case("届"))


def test_nothing_is_told_while_the_panel_is_open(here: ReviewBench) -> None:
    here.play(DECLARED, SCORED)
    assert view_reviewers(here.desk, here.actor("office"), here.case("届")).stages == ()
    assert "还没有可以比较的评分" in browser(here, "office").get(f"/cases/{here.case('届')}/reviewers").text
