"""Past seasons replayed under a draft: who would win, what falls out, which days move, each with its article."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from service.casework.access.actor import SYSTEM
from service.casework.definitions.change_setting import change_setting
from service.casework.definitions.deploy import deploy_package
from service.casework.simulate.playing.play import play_move
from service.casework.simulate.scenarios.scenario import read_scenario
from service.casework.simulate.seasons.season_difference import Otherwise
from service.casework.simulate.stage.cast import Cast
from service.casework.simulate.stage.mapped_applicants import with_applicants
from service.casework.simulate.stage.stage import PlayState
from service.casework.studio.replay.compare_cities import ComparedSeasons, view_cities
from service.casework.studio.replay.fictional_values import fictional, personal_names, without_identities
from service.casework.studio.replay.masked_seasons import FinishedRound, past_seasons
from service.casework.studio.replay.name_mask import NameMask
from service.casework.studio.replay.replay_seasons import ReplayResult, replay_seasons, view_replay
from service.casework.studio.work.jobs import Job, JobState
from service.catalog import load_catalog
from service.catalog.forms.forms import parse_form
from service.catalog.tree import read_sources
from service.domain.forms import compile_form
from service.domain.forms.model import InputType
from service.domain.values.identity_number import valid_identity_number
from service.store import Store
from service.store.rows import CaseRow, PersonRow
from tests.support.browsers import Browser, make_app
from tests.support.example_town import CITY, FOLDER, KEY, ExampleTown, make_example_town
from tests.support.lakeside import KEY as LAKESIDE
from tests.support.lakeside import MINIATURE, amended_package
from tests.support.tree import PROJECT

pytestmark = pytest.mark.share(3)

CLEAN = f"{FOLDER}/scenarios/clean_season.yaml"
PANEL = "minimum: 3\n    values: [{from: 2026-01-01, value: 3}]\n  panel_below"
YEARS = "values: [{from: 2026-01-01, value: 3}]\n  nomination_max_employees"
MORE_EXPERTS = {"[专一, 专二, 专三]": "[专一, 专二, 专三, 专四, 专五]"}
NOTICE = "minimum: 10\n    values: [{from: 2026-01-01, value: 10}]\n  winners_notice_media"


@pytest.fixture
def example(sqlite_store: Store, tmp_path: Path) -> ExampleTown:
    return make_example_town(sqlite_store, tmp_path / "tree")


def replayed(job: Job) -> ReplayResult:
    """Return what a replay came to."""
    found = job.result(ReplayResult)
    assert found is not None, job.trouble
    return found


def longer(example: ExampleTown) -> None:
    example.change(f"{FOLDER}/award.yaml", NOTICE, NOTICE.replace("value: 10", "value: 12"))


def a_finished_round(example: ExampleTown, **typed: str) -> None:
    """Let a whole season happen in the database itself; ``typed`` is written instead of what the scenario says."""
    text = (CITY / CLEAN).read_text("utf-8")
    for old, new in typed.items():
        assert old in text
        text = text.replace(old, new)
    scenario = read_scenario(text.encode(), "clean")
    with example.desk.store.read() as tx:
        package = example.desk.packages.current("example_city/quality_award", tx)
    example.clock.move_to(scenario.start)
    stage = PlayState(example.desk, example.clock, package, scenario, Cast(example.desk, package, scenario))
    for move in scenario.moves:
        assert play_move(stage, move) == []
    stage.drain()


def test_a_scenario_as_a_season_shows_the_day_that_moves_with_its_article(example: ExampleTown) -> None:
    longer(example)
    job = example.finished(replay_seasons(example.desk, example.designer, example.draft, (CLEAN,)))
    season = replayed(job).seasons[0]
    assert not season.real
    moved = next(d for d in season.of(Otherwise.DAY) if d.lasting == "notice")
    assert (moved.before, moved.after) == ("2026-03-13/2026-03-26", "2026-03-13/2026-03-30")
    assert "SL-12-1" in moved.clauses
    [wait] = season.waits
    told = Browser(make_app(example), example, "designer").get(f"/api/v1/drafts/{example.draft}/replay").json
    assert [(one["number"], one["clauses"]) for one in told["waits"]] == [(wait.number, list(wait.clauses))]
    assert told["lost"] == []
    assert (wait.label, wait.after) == ("示例市人民政府质量奖获奖建议名单公示", date(2026, 3, 31)) or wait.clauses
    assert "SL-12-1" in wait.clauses
    assert season.lost == ()
    assert not {*season.of(Otherwise.WINNER), *season.of(Otherwise.END)}
    assert all(d.clauses for d in season.differences)


def test_what_lies_behind_a_step_that_stays_undone_was_not_come_to(example: ExampleTown) -> None:
    """No award is called lost, and each line has the article of what holds the season up."""
    example.change(f"{FOLDER}/award.yaml", NOTICE, NOTICE.replace("value: 10", "value: 90"))
    job = example.finished(replay_seasons(example.desk, example.designer, example.draft, (CLEAN,)))
    season = replayed(job).seasons[0]
    assert [line.element for line in season.lost][:1] == ["submit_list"]
    assert season.of(Otherwise.WINNER) == season.of(Otherwise.END) == ()
    behind = season.of(Otherwise.NOT_REACHED)
    assert {d.before for d in behind} >= {"craft", "nomination", "quality", "conferred"}
    assert all("SL-12-1" in d.clauses for d in behind if d.lasting == "case")
    page = Browser(make_app(example), example, "designer").get(f"/studio/drafts/{example.draft}/replay").text
    assert "没有走到" in page


def test_a_prize_that_is_taken_away_on_another_day_is_listed_with_its_article(example: ExampleTown) -> None:
    """The material may come three weeks later under the draft, so that what nobody proved is taken away later too."""
    limit = "question: 获奖者几日内报送复评材料？\n    values: [{from: 2026-01-01, value: 60}]"
    example.change(f"{FOLDER}/award.yaml", limit, limit.replace("60", "80"))
    path = CLEAN.replace("clean_season", "re_evaluated_and_withdrawn")
    season = replayed(example.finished(replay_seasons(example.desk, example.designer, example.draft, (path,)))).seasons[
        0
    ]
    [taken] = season.of(Otherwise.REVOKED)
    assert (taken.case, taken.before) == ("甲", "quality 2029-05-29")
    assert taken.after == "quality 2029-06-19"
    assert taken.clauses
    page = Browser(make_app(example), example, "designer").get(f"/studio/drafts/{example.draft}/replay").text
    assert re.search(
        r"撤销变动（1）.*质量奖，2029年5月29日（周二）撤销.*质量奖，2029年6月\d+日（周.）撤销", page, re.DOTALL
    )


def test_nothing_changed_comes_out_alike(example: ExampleTown) -> None:
    job = example.finished(replay_seasons(example.desk, example.designer, example.draft, (CLEAN,)))
    assert replayed(job).changed == ()


def test_a_season_that_stops_as_published_already_is_not_called_alike(example: ExampleTown) -> None:
    example.change(CLEAN, "  - {every: [专一, 专二, 专三], expert: {name: $}}\n", "")
    found = replayed(example.finished(replay_seasons(example.desk, example.designer, example.draft, (CLEAN,))))
    assert (found.changed, found.doubtful) == ((), found.seasons)
    page = Browser(make_app(example), example, "designer").get(f"/studio/drafts/{example.draft}/replay").text
    assert "0 个结果有变，0 个完全相同" in page
    assert "1 个没有能走到底，不能比较" in page


def test_a_finished_round_of_the_register_is_replayed_with_names_masked(example: ExampleTown) -> None:
    a_finished_round(example, **MORE_EXPERTS)
    assert view_replay(example.desk, example.designer, example.draft).rounds == 1
    same = replayed(example.finished(replay_seasons(example.desk, example.designer, example.draft))).seasons[0]
    assert same.real
    assert (same.differences, same.unrepeated) == ((), ())
    longer(example)
    found = replayed(example.finished(replay_seasons(example.desk, example.designer, example.draft))).seasons[0]
    assert "2026-03-13/2026-03-30" in [d.after for d in found.of(Otherwise.DAY) if d.lasting == "notice"]
    assert found.of(Otherwise.WINNER) == (), "the list waits until the notice is over"
    assert found.lost == ()
    page = Browser(make_app(example), example, "designer").get(f"/studio/drafts/{example.draft}/replay").text
    assert "2026年3月30日" in page
    assert "第十二条" in page
    assert "按当时记录的种子" in page
    for name in ("示例重工有限公司", "示例小厂有限公司", "王师傅"):
        assert name not in page


def test_a_past_season_is_replayed_under_what_the_city_set_itself(example: ExampleTown) -> None:
    """A setting holds over the value of a version: a draft that changes that value moves no day of the season."""
    example.clock.move_to(datetime(2026, 3, 1, 1, tzinfo=UTC))
    change_setting(example.desk, example.cast["admin"], KEY, "sheet_days", 12, date(2026, 3, 1), "评分延长两个工作日")
    a_finished_round(example, **MORE_EXPERTS)
    name = "评分期限\n    name_en: Time to score\n    unit: working_days\n    clauses: [SL-9-1]\n    source: default\n    question: 每一阶段几个工作日评完？\n"
    own = f"{name}    values: [{{from: 2026-01-01, value: 10}}]"
    example.change(f"{FOLDER}/award.yaml", own, own.replace("value: 10", "value: 20"))
    season = replayed(example.finished(replay_seasons(example.desk, example.designer, example.draft))).seasons[0]
    assert season.real
    assert (season.differences, season.unrepeated) == ((), ())


def test_a_larger_panel_and_a_smaller_ballot_are_said_and_never_guessed(example: ExampleTown) -> None:
    """Of experts who were not drawn there is no sheet; of who is no candidate any more the votes are left out."""
    a_finished_round(example, **MORE_EXPERTS)
    award = f"{FOLDER}/award.yaml"
    example.change(award, PANEL, PANEL.replace("value: 3", "value: 5"))
    found = replayed(example.finished(replay_seasons(example.desk, example.designer, example.draft))).seasons[0]
    assert found.of(Otherwise.WINNER) == found.of(Otherwise.END) == (), "nobody falls out for want of a sheet"
    assert {d.before for d in found.of(Otherwise.NOT_REACHED)} >= {"craft", "nomination", "quality"}
    assert found.lost
    example.change(award, PANEL.replace("value: 3", "value: 5"), PANEL)
    example.change(award, YEARS, YEARS.replace("value: 3", "value: 9"))
    found = replayed(example.finished(replay_seasons(example.desk, example.designer, example.draft))).seasons[0]
    assert [(d.before, d.after) for d in found.of(Otherwise.WINNER)] == [("nomination", "")]
    assert [d.case for d in found.of(Otherwise.END)] == ["乙"]


def test_what_a_draft_reads_of_a_finished_round_says_of_nobody_who_they_are(example: ExampleTown) -> None:
    a_finished_round(example, **{"全面质量管理。": "示例重工有限公司的全面质量管理。", "样报.pdf": "示例重工李文.pdf"})
    with example.desk.store.read() as tx:
        (season,) = past_seasons(example.desk, tx, example.desk.packages.current(KEY, tx))
    typed = str([move.keys for move in season.scenario.moves])
    assert "组织甲的全面质量管理。" in typed
    assert "示例重工" not in typed


def test_rows_about_experts_are_masked_and_their_files_sent_again(example: ExampleTown) -> None:
    """They are no choice from the register: names stand in them, and files that only the round has."""
    with example.desk.store.read() as tx:
        package = example.desk.packages.current(KEY, tx)
        told = FinishedRound(example.desk, tx, package, CaseRow.__new__(CaseRow), ("周明远",))
        row = {"name": "周明远", "declaration": [{"id": "de7f", "name": "周明远的声明.pdf", "size": 9}]}
        assert told.plain({"experts": [row]}) == {"experts": [{"name": "某某某", "declaration": ["file:附件1.pdf"]}]}


def test_a_name_that_no_form_marks_as_personal_is_made_up_too(example: ExampleTown) -> None:
    """People of the installation, organisations that did not apply, short names, and who is named in a personal field."""
    with example.desk.store.write() as tx:
        body = tx.people.upsert_body(
            "*", "91650100MA7999999X", kind="organisation", name="旁观科技有限公司", details={}
        )
        named = PersonRow(login="li.wenjing", name="李文静", created_at=example.clock.now())
        tx.people.insert_person(named)
    assert body
    told = "示例重工的李文静说，旁观科技有限公司和旁观科技的人都不如他们。"
    a_finished_round(example, **{"全面质量管理。": told})
    with example.desk.store.read() as tx:
        (season,) = past_seasons(example.desk, tx, example.desk.packages.current(KEY, tx))
    texts = str([move.keys for move in season.scenario.moves])
    assert "组织甲的某某某说，某某某某某某某某和某某某某的人都不如他们。" in texts
    for name in ("李文静", "旁观科技", "示例重工"):
        assert name not in texts


def test_whoever_a_personal_field_names_is_masked_in_other_texts() -> None:
    file = "forms/shared/objection.json"
    form = compile_form(parse_form((PROJECT / file).read_bytes(), file))
    assert set(personal_names({"name": "李文静", "content": "李文静来过。", "telephone": "13900000000"}, form)) == {
        "李文静"
    }
    mask = NameMask({"示例重工有限公司": "组织甲"}, ("李文静", "李文", "office", "a b"))
    assert mask("李文静和李文在 office 为示例重工工作，a b。") == "某某某和某某在 office 为组织甲工作，x x。"


def test_two_names_are_made_up_differently_and_each_alike_wherever_it_stands() -> None:
    """A list of members that names nobody twice is not refused when the season is played again."""
    mask = NameMask({}, ("李文", "王明", "赵强"))
    assert mask("李文、王明、赵强、王明") == "某某、某一、某二、某一"
    assert (mask.called("赵强"), mask.called("13912345678")) == ("某二", "13900000000")


def test_personal_fields_are_made_up_and_others_stay() -> None:
    file = "forms/shared/objection.json"
    form = compile_form(parse_form((PROJECT / file).read_bytes(), file))
    personal = [f.key for f in form.fields() if f.personal and f.type is InputType.TEXTFIELD]
    other = next(field.key for field in form.fields() if not field.personal and field.type is InputType.TEXTAREA)
    assert personal
    found = without_identities({other: "不同意。", **dict.fromkeys(personal, "李文")}, form)
    assert found == {other: "不同意。", **dict.fromkeys(personal, "某某")}


@pytest.mark.parametrize(
    ("real", "made"),
    [
        ("13909981234", "13900000000"),
        ("0991-2345678", "0990-0000000"),
        ("张三 zhang", "某某 xxxxx"),
        ("zhang@firm.cn", "xxxxx@xxxx.xx"),
    ],
)
def test_made_up_values_are_of_the_same_shape(real: str, made: str) -> None:
    assert fictional(real) == made


def test_a_made_up_identity_number_is_one_and_keeps_the_birthday() -> None:
    made = fictional("65010419800312452X")
    assert made[6:14] == "19800312"
    assert valid_identity_number(made, date(2026, 1, 1))
    assert made[:6] != "650104"


def test_the_same_applicants_in_two_cities(example: ExampleTown, tmp_path: Path) -> None:
    """A season of the other city is played with the applicants of the draft; outcomes, days and work stand side by side."""
    lakeside = {**read_sources(MINIATURE), f"processes/{LAKESIDE}/scenarios/applied.yaml": APPLIED.encode()}
    package = amended_package({})
    deploy_package(example.desk, SYSTEM, package, sources=lakeside)
    assert [c.key for c in view_cities(example.desk, example.designer, example.draft).others] == [LAKESIDE]
    other = f"processes/{LAKESIDE}/scenarios/applied.yaml"
    browser = Browser(make_app(example), example, "designer")
    sent = {"path": CLEAN, "other": LAKESIDE, "other_path": other}
    job = example.finished(browser.send("POST", f"/api/v1/drafts/{example.draft}/cities", sent).json["id"])
    assert job.state is JobState.DONE, job.trouble
    seasons = job.result(ComparedSeasons)
    assert seasons is not None
    left, right = seasons.draft, seasons.other
    assert set(left.applicants) == {"示例重工有限公司", "示例小厂有限公司", "王师傅"}
    assert set(right.applicants) == {"示例重工有限公司"}
    assert [award.zh for award in left.applicants["示例重工有限公司"].awards] == ["质量奖"]
    assert right.applicants["示例重工有限公司"].by_others == 1
    ours, theirs = left.applicants["示例重工有限公司"], right.applicants["示例重工有限公司"]
    assert (ours.outcome.zh, theirs.outcome.zh) != (ours.outcome.en, theirs.outcome.en)
    assert ours.fields > theirs.fields > 0
    assert ours.waited is not None
    assert any(articles for _, _, articles in ours.limits)
    facts = seasons.facts["示例重工有限公司"]
    assert "merit" not in facts.both
    assert facts.both
    assert facts.only_first
    assert facts.only_second
    page = browser.get(f"/studio/drafts/{example.draft}/replay/cities").text
    assert "湖滨" in page
    assert "申报方填写" in page
    assert "两地都问" in page
    assert "只有湖滨县问" in page or "只有" in page


def test_who_could_not_apply_in_the_other_city_is_told_why(example: ExampleTown) -> None:
    """A refused application ends in its reason; that, and any other step nobody could do, stands below with the words of the refusal."""
    path = f"processes/{LAKESIDE}/scenarios/applied.yaml"
    package = amended_package({})
    deploy_package(
        example.desk, SYSTEM, package, sources={**read_sources(MINIATURE), path: APPLIED_WITHOUT_MERIT.encode()}
    )
    browser = Browser(make_app(example), example, "designer")
    here = f"/api/v1/drafts/{example.draft}/cities"
    job = example.finished(
        browser.send("POST", here, {"path": CLEAN, "other": LAKESIDE, "other_path": path}).json["id"]
    )
    seasons = job.result(ComparedSeasons)
    assert seasons is not None, job.trouble
    assert seasons.draft.refused == ()
    [refused] = seasons.other.refused
    assert seasons.other.kept_out("湖滨石作坊") == refused
    assert seasons.other.kept_out("示例重工有限公司") is None
    assert browser.get(here).json["result"][1]["refused"][0]["why"]["zh"] == refused.why.zh
    page = browser.get(f"/studio/drafts/{example.draft}/replay/cities").text
    told = re.sub("<[^>]+>", "", page)
    assert f"没有申报成：{refused.why.zh}" in told
    assert "没有办成的步骤" in told
    assert "湖滨石作坊" in told


def test_an_award_that_was_taken_away_again_is_not_shown_as_if_it_stood(example: ExampleTown) -> None:
    lakeside = {**read_sources(MINIATURE), f"processes/{LAKESIDE}/scenarios/applied.yaml": APPLIED.encode()}
    deploy_package(example.desk, SYSTEM, amended_package({}), sources=lakeside)
    browser = Browser(make_app(example), example, "designer")
    path = CLEAN.replace("clean_season", "re_evaluated_and_withdrawn")
    sent = {"path": path, "other": LAKESIDE, "other_path": f"processes/{LAKESIDE}/scenarios/applied.yaml"}
    job = example.finished(browser.send("POST", f"/api/v1/drafts/{example.draft}/cities", sent).json["id"])
    seasons = job.result(ComparedSeasons)
    assert seasons is not None, job.trouble
    told = [award.zh for one in seasons.draft.applicants.values() for award in one.awards]
    assert any(re.fullmatch(r"质量奖（\d{4}年\d{1,2}月\d{1,2}日撤销）", one) for one in told), told
    page = browser.get(f"/studio/drafts/{example.draft}/replay/cities").text
    assert "日撤销）" in page


def test_what_an_applicant_says_of_itself_goes_into_the_form_of_the_other_city() -> None:
    """By key and by label; a choice that the other form does not have stays as its scenario answers it."""
    package = load_catalog(MINIATURE).package(LAKESIDE)
    example = load_catalog(PROJECT / "tests/data/example_city").package(KEY)
    ours = read_scenario((CITY / CLEAN).read_bytes(), "clean")
    theirs = read_scenario(APPLIED.encode(), "applied")
    mapped, facts = with_applicants(ours, example, theirs, package)
    first = next(move for move in ours.moves if move.verb == "start" and move.who == "甲")
    told = next(move for move in mapped.moves if move.verb == "start").keys["with"]
    assert told["merit"] == first.keys["with"]["merit"] != theirs.moves[0].keys["with"]["merit"]
    assert told["founded"] == theirs.moves[0].keys["with"]["founded"] or "成立日期" in str(facts)
    assert mapped.organisations["甲"]["name"] == "示例重工有限公司"


def test_a_choice_of_the_other_city_s_own_places_stays_as_its_scenario_answers_it() -> None:
    """The districts of one city are none of the other: an application with them would be refused, and nobody would apply."""
    catalog = load_catalog(PROJECT)
    ours, theirs = catalog.package("urumqi/quality_award"), catalog.package("kizilsu/quality_award")
    first, second = (
        next(
            scenario
            for path in sorted((PROJECT / "processes" / package.key / "scenarios").glob("*.yaml"))
            if (scenario := read_scenario(path.read_bytes(), path.stem)).title == "顺利受理"
        )
        for package in (ours, theirs)
    )
    mapped, facts = with_applicants(first, ours, second, theirs)
    [name] = facts
    assert "设立地" in facts[name].both
    told = next(move for move in mapped.moves if move.verb == "start" and move.who == "甲").keys["with"]
    assert told["district"] == "artux"


APPLIED = """title: 申报后不予受理
start: 2026-03-02
organisations:
  甲: {name: 湖滨木作坊}
steps:
  - {as: 甲, start: application, name: 甲, with: {founded: 2020-05-01, merit: 榫卯技艺传承。}}
  - {as: office, case: 甲, complete: decide, with: {decision: refuse, reason: 材料不实。}}
"""
APPLIED_WITHOUT_MERIT = APPLIED.replace(
    "steps:\n",
    "  乙: {name: 乙}\n  丙: {name: 丙}\n  丁: {name: 湖滨石作坊}\nsteps:\n"
    "  - {as: 丁, start: application, name: 丁, with: {founded: 2020-05-01}}\n",
)
"""The fourth is none of the three applicants of the draft, and keeps what it says of itself."""
