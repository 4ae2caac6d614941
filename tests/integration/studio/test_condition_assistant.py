"""A condition of applying is written by its assistant: question, row, citation, finding and scenario line, shown before."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import pytest

from service.casework.simulate.playing.play import play
from service.casework.simulate.stage.empty_store import empty_store
from service.casework.studio.drafts.check_draft import check_draft
from service.casework.studio.drafts.draft_tree import package_of, tree_of
from service.casework.studio.drafts.start_city import start_city
from service.casework.studio.drafts.view_draft import open_file
from service.casework.studio.law.attest_condition import (
    TypedCondition,
    propose_condition,
    view_condition,
    write_condition,
)
from service.casework.studio.law.kept_preview import CONDITION
from service.casework.studio.law.preview_condition import preview_condition
from service.casework.studio.law.view_preview import Preview, view_preview
from service.casework.studio.scenarios.play_scenarios import scenario_files
from service.casework.studio.serving.await_job import await_job
from service.casework.studio.serving.restart_job import restart_job
from service.casework.studio.work.jobs import JobState, Stopped
from service.catalog import Unit, build_catalog
from service.catalog.assistants.asked_condition import condition_of, draw_condition
from service.catalog.assistants.condition_rows import condition_row
from service.catalog.patterns.patterns import fill_patterns
from service.catalog.tree import read_sources
from service.domain.errors import Conflict, Invalid, NotFound
from service.domain.text import Text
from tests.integration.studio.test_conditions_of_a_place import AWARD, CLAUSES, SEASON, WITH_CONDITIONS, as_eligibility
from tests.support.browsers import Browser, make_app
from tests.support.lakeside import Lakeside
from tests.support.previews import previewed
from tests.support.waiting import until

CLAUSE = "LN-2-1-2"
FORM = f"{AWARD}/forms/apply.json"
PROCESSES = Path(__file__).parents[3]


def view_until_over(town: Lakeside, draft: int) -> Preview:
    job = view_preview(town.desk, town.designer, draft, CONDITION, CLAUSE).job.id
    until(lambda: await_job(town.desk, town.designer, draft, job).over, what="the preview is made")
    return view_preview(town.desk, town.designer, draft, CONDITION, CLAUSE)


@pytest.fixture
def draft(town: Lakeside) -> int:
    """A new place of which one condition is carried out, the years since foundation."""
    outline = replace(WITH_CONDITIONS, cited={**WITH_CONDITIONS.cited, "conditions": ("LN-2-1", "LN-2-1-1")})
    draft = start_city(town.desk, town.designer, outline)
    as_eligibility(town, draft, CLAUSE)
    return draft


def test_everything_is_shown_before_it_is_written_together(town: Lakeside, draft: int) -> None:
    browser, here = Browser(make_app(town), town, "designer"), f"/studio/drafts/{draft}/clauses/{CLAUSE}/condition"
    page = browser.get(here).text
    assert "建立有效运行的“质量管理体系”" in page
    sent = {"words": "建立有效运行的质量管理体系", "bars": "no", "scenario": SEASON}
    shown = previewed(browser, here, sent, here)
    for said in (
        "是否符合：建立有效运行的质量管理体系",
        "申报组织声明不符合：建立有效运行的质量管理体系",
        "第二条第（二）项",
    ):
        assert said in re.sub("<[^>]+>", "", shown), said
    assert "期望：" in shown
    assert "condition_1" not in open_file(town.desk, town.designer, draft, FORM).content.decode()
    assert browser.post(here, {**sent, "confirm": "yes"}, page=here).status_code == 302
    package = package_of(town.desk, draft)
    [table] = package.tables.values()
    assert {row.id: table.clauses(row) for row in table.rows}["condition_1"] == ("LN-2-1", CLAUSE)
    assert "是否符合：建立有效运行的质量管理体系" in open_file(town.desk, town.designer, draft, FORM).content.decode()
    view = check_draft(town.desk, town.designer, draft)
    assert [p for p in view.problems if p.severity.name == "ERROR" and "没有落实" not in p.message.zh] == []
    there = browser.get(here).text
    assert 'id="there"' in there
    assert "建立有效运行的质量管理体系" in there.partition('id="there"')[2]


def test_a_preview_tells_how_far_it_is_and_lapses_with_a_change_of_the_draft(town: Lakeside, draft: int) -> None:
    with pytest.raises(NotFound):
        view_preview(town.desk, town.designer, draft, CONDITION, CLAUSE)
    with pytest.raises(Invalid, match="逐项落实"):
        preview_condition(town.desk, town.designer, draft, "LN-2-1")
    job = preview_condition(town.desk, town.designer, draft, CLAUSE, bars=False, scenario=SEASON)
    found = view_until_over(town, draft)
    assert (found.job.id, found.job.state, found.job.total, found.stale) == (job, JobState.DONE, 4, False)
    whole = propose_condition(town.desk, town.designer, draft, TypedCondition(**found.asked), 2.0)
    assert found.proposal is not None
    assert replace(found.proposal, others=whole.others) == whole
    again = restart_job(town.desk, town.designer, draft, job)
    shown = view_until_over(town, draft)
    assert shown.job.id == again
    assert shown.proposal is not None
    assert shown.proposal.others.played
    written = write_condition(town.desk, town.designer, draft, TypedCondition(**found.asked))
    assert written == shown.proposal, "no season is played once more"
    browser, here = Browser(make_app(town), town, "designer"), f"/studio/drafts/{draft}/clauses/{CLAUSE}/condition"
    assert view_preview(town.desk, town.designer, draft, CONDITION, CLAUSE).stale
    page = browser.get(f"{here}?preview=yes").text
    assert "预览以后草稿又有修改" in page
    assert "期望：" not in page
    assert browser.get(here.replace(CLAUSE, "LN-3-1-1") + "?preview=yes").status_code == 404


def test_whoever_stops_a_preview_gets_none(town: Lakeside, draft: int) -> None:
    def stop(done: int, total: int, doing: Text) -> None:
        raise Stopped

    with pytest.raises(Stopped):
        propose_condition(town.desk, town.designer, draft, TypedCondition(CLAUSE, scenario=SEASON), 2.0, stop)


def test_every_season_passes_and_the_new_one_proves_the_clause(town: Lakeside, draft: int) -> None:
    typed = TypedCondition(CLAUSE, scenario=SEASON)
    proposal = propose_condition(town.desk, town.designer, draft, typed, 5.0)
    assert proposal.expected is not None
    assert proposal.others.fail == ()
    write_condition(town.desk, town.designer, draft, typed)
    package = package_of(town.desk, draft)
    with town.desk.store.read() as tx:
        files = tree_of(town.desk, tx, draft).filled
    seasons = {file.path: file for file in scenario_files(files, package.key)}
    assert len(seasons) == 2
    for file in seasons.values():
        assert file.scenario is not None
        with empty_store() as store:
            assert play(store, package, file.scenario, town.desk.calendars, town.desk.operations).unmet == ()
    [fresh] = [file for path, file in seasons.items() if path != SEASON]
    assert fresh.scenario is not None
    assert any(row.get("finding") == "condition_1" and CLAUSE in row["proves"] for row in fresh.scenario.expect)


def test_a_sentence_that_introduces_a_list_leads_to_its_items(town: Lakeside, draft: int) -> None:
    view = view_condition(town.desk, town.designer, draft, "LN-2-1")
    assert [(item.clause, bool(item.rows)) for item in view.items] == [("LN-2-1-1", True), (CLAUSE, False)]
    with pytest.raises(Invalid, match="逐项落实"):
        propose_condition(town.desk, town.designer, draft, TypedCondition("LN-2-1"))
    page = Browser(make_app(town), town, "designer").get(f"/studio/drafts/{draft}/clauses/LN-2-1/condition").text
    assert f"/clauses/{CLAUSE}/assist" in page
    assert "还没有写" in page


@pytest.fixture
def one_passage(town: Lakeside) -> int:
    """A new place whose register holds a whole list of conditions in one clause, none of which is carried out."""
    listed = "申报组织应当具备下列条件：（一）建立质量管理体系；(二)近3年无重大质量事故；（三）依法纳税。"
    clauses = tuple(replace(one, text=listed) if one.id == CLAUSE else one for one in CLAUSES[:6])
    outline = replace(WITH_CONDITIONS, clauses=clauses, cited={**WITH_CONDITIONS.cited, "conditions": ("LN-2-1-1",)})
    draft = start_city(town.desk, town.designer, outline)
    as_eligibility(town, draft, CLAUSE)
    return draft


def test_items_within_one_passage_are_asked_one_by_one(town: Lakeside, one_passage: int) -> None:
    draft, words = one_passage, ("建立质量管理体系", "近3年无重大质量事故", "依法纳税")
    view = view_condition(town.desk, town.designer, draft, CLAUSE)
    assert [(item.clause, item.words, item.rows) for item in view.items] == [(CLAUSE, one, ()) for one in words]
    assert [item.article[-5:] for item in view.items] == ["第（一）项", "第（二）项", "第（三）项"]
    with pytest.raises(Invalid, match="一段里写了3项，请逐项落实"):
        propose_condition(town.desk, town.designer, draft, TypedCondition(CLAUSE))
    browser, here = Browser(make_app(town), town, "designer"), f"/studio/drafts/{draft}/clauses/{CLAUSE}/condition"
    assert 'name="words"' not in browser.get(here).text
    item = browser.get(f"{here}?item=2").text
    assert 'value="近3年无重大质量事故"' in item
    sent = {"words": words[1], "bars": "no", "scenario": SEASON, "confirm": "yes"}
    assert browser.post(f"{here}?item=2", sent, page=f"{here}?item=2").headers["Location"].endswith(here)
    assert browser.get(here).text.count("还没有写") == 2
    with pytest.raises(Conflict, match="已经引用这一条"):
        write_condition(town.desk, town.designer, draft, TypedCondition(CLAUSE, words[1]))
    write_condition(town.desk, town.designer, draft, TypedCondition(CLAUSE, words[0]))
    form = open_file(town.desk, town.designer, draft, FORM).content.decode()
    assert form.count("是否符合：") == 2
    [table] = package_of(town.desk, draft).tables.values()
    assert [row.id for row in table.rows if CLAUSE in table.clauses(row)] == ["condition_1", "condition_2"]


def test_a_new_place_asks_each_item_of_one_passage(town: Lakeside) -> None:
    listed = "申报组织应当具备下列条件：（一）建立质量管理体系；（二）依法纳税。"
    clauses = tuple(replace(one, text=listed) if one.id == CLAUSE else one for one in CLAUSES[:6])
    draft = start_city(town.desk, town.designer, replace(WITH_CONDITIONS, clauses=clauses))
    form = open_file(town.desk, town.designer, draft, FORM).content.decode()
    assert "是否符合：建立质量管理体系" in form
    assert "是否符合：依法纳税" in form
    assert "下列条件：（一）" not in form


def test_what_has_its_row_is_not_written_twice_and_what_must_not_be_is_asked_so(town: Lakeside, draft: int) -> None:
    write_condition(town.desk, town.designer, draft, TypedCondition(CLAUSE))
    with pytest.raises(Conflict, match="已经引用这一条"):
        write_condition(town.desk, town.designer, draft, TypedCondition(CLAUSE))
    write_condition(town.desk, town.designer, draft, TypedCondition("LN-3-1-1"))
    form = open_file(town.desk, town.designer, draft, FORM).content.decode()
    assert "是否没有下列情形：近3年内有偷税、骗税行为被依法查处的" in form
    assert '"condition_2"' in form


def test_programs_do_the_same(town: Lakeside, draft: int) -> None:
    browser, base = Browser(make_app(town), town, "designer"), f"/api/v1/drafts/{draft}/condition"
    read = browser.get(f"{base}/{quote(CLAUSE)}").json
    assert read is not None
    assert (read["bars"], read["rows"]) == (False, [])
    body = {"clause": CLAUSE, "scenario": SEASON}
    shown = browser.send("POST", base, body).json
    assert shown is not None
    assert shown["expectation"]
    assert not shown["written"]
    written = browser.send("POST", base, {**body, "confirm": True})
    assert written.status_code == 200
    assert browser.send("POST", base, body).status_code == 409


def test_a_row_reads_the_form_that_an_application_of_the_place_starts_with() -> None:
    filled = fill_patterns(read_sources(PROCESSES, frozenset({"kizilsu", "qingyuan", "ganzhou", "yining"})))[0]
    package = build_catalog(filled).package("urumqi/quality_award")
    path = "processes/urumqi/quality_award/eligibility.dmn"
    drawn = draw_condition(filled, package, condition_of(package, "WQ-9-1"))
    assert b"start_application.condition_1" in drawn[path]
    answers = {"since": "event", "what": "发生重大质量事故", "value": "3"}
    barred = condition_row(filled, package, "WQ-9-3b", "accident_years", answers, Unit.YEARS)
    assert b"start_application.last_accident_years" in barred[path]
    assert b"apply.last" not in barred[path].replace(b"start_apply", b"")
