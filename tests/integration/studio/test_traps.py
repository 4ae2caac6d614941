"""Traps: what a bounded search finds in a deliberately bad diagram, and that it is kept as a scenario which shows it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

import pytest

from service.casework.simulate.playing.play import play
from service.casework.simulate.scenarios.scenario import Move, read_scenario
from service.casework.simulate.scenarios.scenario_text import scenario_text
from service.casework.simulate.stage.empty_store import empty_store
from service.casework.simulate.traps.found_traps import FoundTrap, TrapReport, is_act
from service.casework.simulate.traps.kept_traps import kept_row, kept_scenario
from service.casework.simulate.traps.trap_looks import Looking
from service.casework.simulate.traps.trap_search import TrapSearch
from service.casework.simulate.traps.traps import TrapKind
from service.casework.simulate.traps.variants import Variant, Variation, variants_of
from service.casework.studio.drafts.draft_tree import package_of
from service.casework.studio.drafts.save_file import save_file
from service.casework.studio.drafts.view_draft import open_file
from service.casework.studio.scenarios.find_traps import SearchedTraps, find_traps
from service.casework.studio.scenarios.play_scenarios import read_file, scenario_files, workshop_of
from service.domain.text import Text
from service.store import Store
from tests.support.browsers import Browser, make_app
from tests.support.example_town import CITY, FOLDER, ExampleTown, make_example_town

pytestmark = pytest.mark.share(3)

ROUND = f"{FOLDER}/round.bpmn"
UP_TO_AN_APPLICATION, UP_TO_REVIEW = 6, 10
"""Steps of the season in which nobody reaches the bar: what goes wrong early is found without the rest of it."""


@pytest.fixture
def example(sqlite_store: Store, tmp_path: Path) -> ExampleTown:
    return make_example_town(sqlite_store, tmp_path / "tree")


def searched(
    example: ExampleTown,
    *names: str,
    steps: int | None = None,
    reach: int = 0,
    tries: Collection[Variation] = tuple(Variation),
) -> TrapReport:
    """Search the draft by the first ``steps`` of these scenarios; time stands still, so the whole is tried."""
    package = package_of(example.desk, example.draft)
    paths = [f"{FOLDER}/scenarios/{name}.yaml" for name in names]
    tree = {p: open_file(example.desk, example.designer, example.draft, p).content for p in paths}
    scenarios = [file.scenario for file in (read_file(tree, path) for path in paths) if file.scenario]
    search = TrapSearch(
        package, example.desk.calendars, example.desk.operations, workshop_of(package), lambda: 0.0, lambda *_: None,
        reach=reach, tries=tries,
    )  # fmt: skip
    return search.run([replace(scenario, moves=scenario.moves[:steps]) for scenario in scenarios], 1)


PUBLISHED: list[TrapReport] = []
"""What a search finds in the example city as it is: the same for every test, so searched for once."""


def as_published(example: ExampleTown) -> TrapReport:
    """Search a draft that nothing was changed in, by other facts and silence."""
    if not PUBLISHED:
        PUBLISHED.append(searched(example, "floor_missed", tries=(Variation.SILENCE, Variation.FACT, Variation.FACTS)))
    return PUBLISHED[0]


def test_a_case_that_waits_for_what_never_comes_is_found(example: ExampleTown) -> None:
    """The round waits for a truth that never comes: it stops, with no task and no day, and the play shows it."""
    example.change(ROUND, "value='every c in children", "value='false and every c in children")
    report = searched(example, "floor_missed", tries=())
    stopped = next(found for found in report.traps if found.trap.kind is TrapKind.STOPS)
    assert stopped.trap.case == "届"
    assert report.whole
    assert stopped.acts < 20, "no more than the acts that the trap needs"
    kept = scenario_text(kept_scenario(stopped), "trap.yaml").decode()
    assert "status: running" in kept
    assert "隐患" in kept
    assert comes_true(example, stopped)
    example.change(ROUND, "value='false and every c in children", "value='every c in children")
    assert not example.played(f"{FOLDER}/scenarios/kept.yaml").passed


def test_nothing_stops_as_published(example: ExampleTown) -> None:
    report = as_published(example)
    assert [found.trap for found in report.traps if found.trap.kind in (TrapKind.STOPS, TrapKind.BREAKS)] == []
    assert any(found.trap.kind is TrapKind.SILENCE for found in report.traps)


def test_scenarios_are_played_first_however_little_time_there_is(example: ExampleTown) -> None:
    """Asked for less time than finding what to vary takes, a search still plays, and says that it did not try everything."""
    instants = iter(range(100))
    package = package_of(example.desk, example.draft)
    path = f"{FOLDER}/scenarios/floor_missed.yaml"
    file = read_file({path: open_file(example.desk, example.designer, example.draft, path).content}, path)
    assert file.scenario is not None
    operations, workshop = example.desk.operations, workshop_of(package)
    search = TrapSearch(
        package, example.desk.calendars, operations, workshop, lambda: float(next(instants)), lambda *_: None
    )
    report = search.run([replace(file.scenario, moves=file.scenario.moves[:UP_TO_AN_APPLICATION])], 0.5)
    assert (report.plays, report.whole, report.scenarios) == (1, False, (1, 1))
    tried, variants = report.variants
    assert tried < variants, "it says how many were not tried"


def test_a_vote_that_cannot_pass_is_found(example: ExampleTown) -> None:
    """Asked for more than all votes, a ballot elects nobody though everybody is in favour."""
    before = searched(example, "vote_below_two_thirds", tries=(Variation.IN_FAVOUR,))
    assert TrapKind.VOTE not in {found.trap.kind for found in before.traps}
    example.change(f"{FOLDER}/award.yaml", 'value: ">= 2/3"', 'value: "> 1"')
    after = searched(example, "vote_below_two_thirds", tries=(Variation.IN_FAVOUR,))
    vote = next(found for found in after.traps if found.trap.kind is TrapKind.VOTE)
    assert vote.trap.clauses
    assert "全体成员都投赞成票" in vote.trap.sentence.zh
    assert comes_true(example, vote)


def shown(example: ExampleTown, kind: TrapKind, steps: int) -> FoundTrap:
    """The trap of a kind that a search of the first steps finds, kept as a scenario that passes while it is there."""
    report = searched(example, "floor_missed", steps=steps, tries=())
    found = next((one for one in report.traps if one.trap.kind is kind), None)
    assert found is not None, [(one.trap.kind, one.trap.sentence.zh) for one in report.traps]
    return found


def comes_true(example: ExampleTown, found: FoundTrap) -> bool:
    """Whether the kept scenario plays as it expects, under the draft as it is."""
    path = f"{FOLDER}/scenarios/kept.yaml"
    text = scenario_text(kept_scenario(found), path)
    opened = [f for f in scenario_files({path: text}, "example_city/quality_award") if f.scenario]
    assert opened, text.decode()
    save_file(example.desk, example.designer, example.draft, path, text, None)
    return example.played(path).passed


def test_a_deadline_that_nobody_can_meet_is_found_and_kept(example: ExampleTown) -> None:
    """Acceptance is to be decided ten days before it can be: the day is over when the task appears."""
    assert TrapKind.DEADLINE not in {one.trap.kind for one in as_published(example).traps}
    due = "workdays(param.acceptance_working_days)"
    example.change(f"{FOLDER}/qualification.bpmn", due, "date(2026, 2, 20)")
    found = shown(example, TrapKind.DEADLINE, UP_TO_AN_APPLICATION)
    assert (found.trap.element, found.trap.case) == ("decide_acceptance", "甲")
    assert comes_true(example, found)
    example.change(f"{FOLDER}/qualification.bpmn", "date(2026, 2, 20)", due)
    assert not example.played(f"{FOLDER}/scenarios/kept.yaml").passed


def test_an_empty_panel_is_found_and_kept(example: ExampleTown) -> None:
    """More places than there are experts: nobody can be drawn, and nobody reviews."""
    assert TrapKind.EMPTY_PANEL not in {one.trap.kind for one in as_published(example).traps}
    example.change(f"{FOLDER}/review.bpmn", "param.panel_size", "99")
    found = shown(example, TrapKind.EMPTY_PANEL, UP_TO_REVIEW)
    assert found.acts == 3, "the round, one application, and its acceptance"
    assert comes_true(example, found)


def test_what_breaks_is_found_and_named_by_its_step(example: ExampleTown) -> None:
    """A step asks a table that is not there: it breaks, the trap names it, and the kept play is red until it is mended."""
    example.change(f"{FOLDER}/qualification.bpmn", "value='\"eligibility\"'", "value='\"no_such_table\"'")
    found = shown(example, TrapKind.BREAKS, UP_TO_AN_APPLICATION)
    assert found.trap.element == "examine"
    assert (
        found.trap.name == package_of(example.desk, example.draft).element("example_city_qualification", "examine").name
    )
    assert not comes_true(example, found)


def test_the_play_of_a_trap_is_the_shortest(example: ExampleTown) -> None:
    """The season has nine steps before the trap, two acts show it: no single one does, tried by hand from nothing."""
    example.change(f"{FOLDER}/qualification.bpmn", "workdays(param.acceptance_working_days)", "date(2026, 2, 20)")
    report = searched(example, "floor_missed", steps=UP_TO_AN_APPLICATION + 2, tries=(), reach=1)
    found = next(one for one in report.traps if one.trap.kind is TrapKind.DEADLINE)
    assert (found.acts, found.shortest, report.acts) == (2, True, 1)
    assert [move.verb for move in found.scenario.moves if is_act(move)] == ["start", "start"]
    package, desk = package_of(example.desk, example.draft), example.desk
    moves = searched_moves("floor_missed")[: UP_TO_AN_APPLICATION + 2]
    scenery = tuple(move for move in moves if not is_act(move))
    for act in (move for move in moves if is_act(move)):
        one = replace(found.scenario, moves=(*scenery, act))
        looking = Looking(Variant(Variation.NONE, one, found.what, ()), {}, stuck=True)
        with empty_store() as store:
            play(store, package, one, desk.calendars, desk.operations, follower=looking, past_refusals=True)
        assert found.trap.key not in {trap.key for trap, _ in looking.traps}, act.value


def test_a_clause_that_can_never_apply_is_found_and_kept(example: ExampleTown) -> None:
    """A condition asked of no tier is a row that no play comes to; asked of one, it is not found any more."""
    table = f"{FOLDER}/eligibility.dmn"
    row = '<inputEntry id="quality_founded_i0">\n          <text>"quality"</text>'
    example.change(table, row, row.replace('"quality"', '"no such tier"'))
    report = searched(example, "floor_missed", steps=UP_TO_AN_APPLICATION)
    never = next(one for one in report.traps if one.trap.element == "quality_founded")
    assert (never.trap.kind, never.trap.clauses) == (TrapKind.NEVER, ("SL-6-1",))
    assert comes_true(example, never)
    example.change(table, row.replace('"quality"', '"no such tier"'), row)
    assert not example.played(f"{FOLDER}/scenarios/kept.yaml").passed


def test_facts_are_varied_until_each_row_is_met_and_not_met(example: ExampleTown) -> None:
    """Young enterprises, large ones and each tier are tried: every row comes with its shortest play, which comes true."""
    report = as_published(example)
    results = {(play.row, play.result) for play in report.rows}
    assert {("quality_founded", "met"), ("quality_founded", "not_met")} <= results
    assert {("nomination_small", "met"), ("nomination_small", "not_met")} <= results, "a tier that nobody applied for"
    play = next(one for one in report.rows if (one.row, one.result) == ("quality_founded", "not_met"))
    assert len(play.scenario.moves) < len(searched_moves("floor_missed"))
    path = f"{FOLDER}/scenarios/row.yaml"
    text = scenario_text(kept_row(play, "成立年限"), path)
    save_file(example.desk, example.designer, example.draft, path, text, None)
    assert example.played(path).passed


def test_two_facts_are_varied_together_where_a_row_reads_both(example: ExampleTown) -> None:
    """A row that is met only by a large enterprise which is old needs both facts changed in one play."""
    table = f"{FOLDER}/eligibility.dmn"
    years = 'date(apply.founded_on) + duration("P" + string(param.quality_founded_years) + "Y") &lt;= today()'
    both = 'apply.employees &gt;= 100000 and date(apply.founded_on) &lt; date("1985-01-01")'
    example.change(table, years, both)
    report = searched(example, "floor_missed", steps=UP_TO_AN_APPLICATION)
    play = next(one for one in report.rows if (one.row, one.result) == ("quality_founded", "met"))
    assert play.what.zh.count("改为") == 2


def test_another_choice_is_told_by_the_words_of_the_form(example: ExampleTown) -> None:
    path = f"{FOLDER}/scenarios/floor_missed.yaml"
    content = open_file(example.desk, example.designer, example.draft, path).content
    scenario = read_file({path: content}, path).scenario
    assert scenario is not None
    told = [one.what.zh for one in variants_of(package_of(example.desk, example.draft), scenario)]
    assert [one for one in told if "改为“有”" in one or "改为“是”" in one], told
    assert not [one for one in told if "改为“yes”" in one or "改为“no”" in one]


def searched_moves(name: str) -> tuple[Move, ...]:
    content = (CITY / f"{FOLDER}/scenarios/{name}.yaml").read_bytes()
    return read_scenario(content, name).moves


def test_a_search_in_the_studio_keeps_what_it_found(example: ExampleTown) -> None:
    """The search runs beside the requests; a trap is kept as a scenario that passes as long as the trap is there."""
    example.keep_only("floor_missed")
    path = f"{FOLDER}/scenarios/floor_missed.yaml"
    text = example.read(path)
    begun = text[: text.index("  - {case: 甲, each: declare_interest")]
    example.change(
        path,
        text,
        begun.replace("  - {as: 乙, start", "  # - {as: 乙, start").replace("every: [甲, 乙]", "every: [甲]"),
    )
    job = example.finished(find_traps(example.desk, example.designer, example.draft, 15), 600)
    report = job.result(SearchedTraps)
    assert report is not None, job.trouble
    assert TrapKind.SILENCE not in {found.trap.kind for found in report.traps}, "one finding together, no trap each"
    assert "decide_acceptance" in {found.trap.element for found in report.untimed}
    number = len(report.traps) + len(report.rows)
    browser = Browser(make_app(example), example, "designer")
    page = browser.get(f"/studio/drafts/{example.draft}/traps").text
    assert "没有时限的步骤" in page
    assert "试过的：1 个情景中的 1 个" in page
    assert "行试出过“不符合”；其余" in page
    path = browser.send("POST", f"/api/v1/drafts/{example.draft}/traps/{number}/keep", {}).json["path"]
    result = example.played(path)
    assert result.passed, [(line.words, line.messages) for line in result.unmet]


def test_a_short_search_of_many_scenarios_varies_those_that_it_played(example: ExampleTown) -> None:
    """Each play takes a moment of ten: not every scenario is played, but some are varied, and each kind in turn."""
    package, moments = package_of(example.desk, example.draft), [0.0]
    seen: list[str] = []

    def beat(_done: int, _of: int, said: Text) -> None:
        seen.append(said.zh)
        moments[0] += 0.0 if said.zh.endswith("：各种变化") else 1.0

    path = f"{FOLDER}/scenarios/floor_missed.yaml"
    file = read_file({path: open_file(example.desk, example.designer, example.draft, path).content}, path)
    assert file.scenario is not None
    short = replace(file.scenario, moves=file.scenario.moves[:UP_TO_AN_APPLICATION])
    many = [replace(short, file=f"{number}.yaml") for number in range(20)]
    operations, workshop = example.desk.operations, workshop_of(package)
    search = TrapSearch(package, example.desk.calendars, operations, workshop, lambda: moments[0], beat)
    report = search.run(many, 10)
    (played, scenarios), (tried, variants) = report.scenarios, report.variants
    assert 0 < played < scenarios == 20
    assert 0 < tried < variants
    assert not report.whole
    varied = [said for said in seen if not said.endswith(("：各种变化", "：照原情景"))]
    assert len(varied) >= 2
    assert len({said.partition("：")[2] for said in varied}) == len(varied)
