"""Trials of clauses: what cites a clause is taken out in a draft, and a scenario that claims to prove it must fail."""

from __future__ import annotations

from dataclasses import replace
from threading import Event

import pytest

from service.casework.access.actor import Actor
from service.casework.queries.law.coverage_file import coverage_as_csv
from service.casework.queries.law.proof_sheet import view_proof_sheet
from service.casework.queries.law.public_proofs import view_public_proofs
from service.casework.queries.law.study_coverage import view_coverage
from service.casework.studio.drafts.draft_tree import tree_of
from service.casework.studio.drafts.open_draft import open_draft
from service.casework.studio.drafts.save_file import save_file
from service.casework.studio.drafts.view_draft import open_file
from service.casework.studio.law.trial_plays import clause_trials
from service.casework.studio.law.try_clauses import TRIALS, TrialReport, try_clauses, view_trials
from service.casework.studio.law.view_clauses import view_clauses
from service.casework.studio.law.view_proofs import view_proofs
from service.casework.studio.publication.publish_draft import publish_draft
from service.casework.studio.publication.review_draft import review_draft
from service.casework.studio.publication.submit_draft import submit_draft
from service.casework.studio.publication.view_publication import view_publication
from service.casework.studio.scenarios.run_scenarios import run_scenarios, stop_job, view_job
from service.casework.studio.work.jobs import JobOrder, JobState, NextTurn, Run, kept_result, start_job
from service.catalog.coverage.matrix import ClauseStatus
from service.catalog.law.clause_trials import ClauseTrial, TrialVerdict
from service.domain.errors import Invalid, NotFound
from tests.support.browsers import Browser, make_app
from tests.support.lakeside import KEY, Lakeside
from tests.support.waiting import until

FOLDER = f"processes/{KEY}"


def tried(town: Lakeside, draft: int, *clauses: str) -> dict[str, ClauseTrial]:
    """Try clauses of a draft and return the trials that hold."""
    job = try_clauses(town.desk, town.designer, draft, clauses)
    until(lambda: view_job(town.desk, town.designer, draft, job).over)
    assert view_job(town.desk, town.designer, draft, job).state is JobState.DONE
    return dict(view_trials(town.desk, town.designer, draft).trials)


def change(town: Lakeside, draft: int, path: str, old: str, new: str) -> None:
    """Replace a text in a file of the draft."""
    opened = open_file(town.desk, town.designer, draft, path)
    assert old in opened.content.decode()
    save_file(town.desk, town.designer, draft, path, opened.content.replace(old.encode(), new.encode()), opened.hash)


def test_a_clause_is_tried_and_told_on_every_page(town: Lakeside) -> None:
    """The row of the condition dropped: the claimed expectation of the scenario fails, and is named."""
    draft = open_draft(town.desk, town.designer, KEY, "检验")
    browser = Browser(make_app(town), town, "designer")
    page = browser.get(f"/studio/drafts/{draft}/proof").text
    assert "逐条检验" in page
    trial = tried(town, draft, "LS-3")["LS-3"]
    dropped = next(one for one in trial.changes if "一行删去" in one.what.zh)
    assert (dropped.scenario, dropped.step, dropped.own) == (f"{FOLDER}/scenarios/refused.yaml", 0, True)
    assert "结论" in dropped.expected.zh
    assert trial.left == 0
    sheet = browser.get(f"/studio/drafts/{draft}/proof").text
    bench = browser.get(f"/studio/drafts/{draft}/clauses?clause=LS-3").text
    for found in (sheet, bench):
        assert "结束时失败，期望：" in found
    told = browser.get(f"/api/v1/drafts/{draft}/proofs/trials").get_json()
    [line] = told["trials"]
    assert (line["clause"], line["verdict"]) == ("LS-3", trial.verdict.name.lower())
    assert line["changes"][0]["what"]["en"]


def test_what_nobody_notices_leads_to_the_scenario(town: Lakeside) -> None:
    """Where the expectation looks at nothing but that there is a document, a letter without its reason goes unnoticed."""
    draft = open_draft(town.desk, town.designer, KEY, "检验")
    change(town, draft, f"{FOLDER}/scenarios/refused.yaml", "contains: 成立不满3年, ", "")
    trial = tried(town, draft, "LS-6")["LS-6"]
    lost = trial.first(noticed=False)
    assert lost is not None
    assert trial.verdict in (TrialVerdict.PARTLY, TrialVerdict.UNNOTICED)
    assert (lost.passes, lost.near) == (True, f"{FOLDER}/scenarios/refused.yaml")
    page = Browser(make_app(town), town, "designer").get(f"/studio/drafts/{draft}/proof").text
    assert "也没人发觉" in page
    assert "去加一条期望" in page


def test_a_clause_of_which_a_part_goes_unnoticed_is_not_carried_out(town: Lakeside) -> None:
    draft = open_draft(town.desk, town.designer, KEY, "检验")
    change(town, draft, f"{FOLDER}/scenarios/refused.yaml", "contains: 成立不满3年, ", "")
    job = run_scenarios(town.desk, town.designer, draft)
    until(lambda: view_job(town.desk, town.designer, draft, job).over)

    def told() -> tuple[ClauseStatus, ClauseStatus, int]:
        bench = view_clauses(town.desk, town.designer, draft, "LS-6")
        assert bench.chosen is not None
        sheet = view_proofs(town.desk, town.designer, draft)
        [line] = [line for line in sheet.lines if line.clause.id == "LS-6"]
        return bench.chosen.status, line.status, sheet.proved

    before = told()
    assert before[:2] == (ClauseStatus.CARRIED_OUT, ClauseStatus.CARRIED_OUT)
    found = tried(town, draft, "LS-6")["LS-6"]
    left = ClauseStatus.PARTLY if found.noticed else ClauseStatus.UNPROVED
    assert told() == (left, left, before[2] - 1)
    open_ones = view_clauses(town.desk, town.designer, draft, status="OPEN")
    assert "LS-6" in [line.clause.id for article in open_ones.articles for line in article.lines]
    covered = view_publication(town.desk, town.designer, draft).covered
    assert "1 条只证明了一部分" in covered.zh or "1 条没有情景证明" in covered.zh, covered.zh
    submit_draft(town.desk, town.designer, draft, "检验。")
    review_draft(town.desk, town.checker, draft, approved=True, reason="首届只为试行。")
    publish_draft(town.desk, town.designer, draft)
    [line] = [one for one in view_coverage(town.desk, town.admin, "lakeside").lines if one.clause.id == "LS-6"]
    assert line.status is left, "what is published says so too"
    assert left.value.zh in coverage_as_csv(town.desk, town.admin, "lakeside").decode("utf-8-sig")


def test_a_trial_holds_until_what_its_plays_read_changes(town: Lakeside) -> None:
    draft = open_draft(town.desk, town.designer, KEY, "检验")
    assert "LS-6" in tried(town, draft, "LS-6")
    change(town, draft, f"{FOLDER}/scenarios/accepted.yaml", "title: ", "title: 又")
    assert "LS-6" in view_trials(town.desk, town.designer, draft).trials, "another scenario changed"
    change(town, draft, f"{FOLDER}/scenarios/refused.yaml", "2025-05-01", "2025-05-02")
    found = view_trials(town.desk, town.designer, draft)
    assert "LS-6" not in found.trials, "its own scenario changed"
    assert found.lapsed == 1
    page = Browser(make_app(town), town, "designer").get(f"/studio/drafts/{draft}/proof").text
    assert "其中 1 条检验过，草稿后来改了它所用到的内容，请再检验" in page
    told = Browser(make_app(town), town, "designer").get(f"/api/v1/drafts/{draft}/proofs/trials").get_json()
    assert (told["trials"], told["lapsed"]) == ([], 1)
    assert "LS-6" in tried(town, draft, "LS-6")
    change(town, draft, f"{FOLDER}/documents/refusal.yaml", "title: ", "title: 关于")
    assert "LS-6" not in view_trials(town.desk, town.designer, draft).trials, "the document that it reads changed"


def test_a_scenario_that_fails_anyway_notices_nothing(town: Lakeside) -> None:
    draft = open_draft(town.desk, town.designer, KEY, "检验")
    change(town, draft, f"{FOLDER}/scenarios/accepted.yaml", "last_day: 2026-03-10", "last_day: 2026-03-11")
    assert tried(town, draft, "LS-5")["LS-5"].verdict is TrialVerdict.RED


def test_a_red_trial_goes_when_the_diagram_is_mended(town: Lakeside) -> None:
    """The scenario failed for the diagram, which no play that passed has read: mended, the verdict is gone."""
    draft = open_draft(town.desk, town.designer, KEY, "检验")
    period = 'value="param.notice_working_days"', 'value="param.notice_working_days + 1"'
    change(town, draft, f"{FOLDER}/application.bpmn", *period)
    assert tried(town, draft, "LS-5")["LS-5"].verdict is TrialVerdict.RED
    browser = Browser(make_app(town), town, "designer")
    assert "再检验一次" in browser.get(f"/studio/drafts/{draft}/proof").text
    assert "再检验一次" in browser.get(f"/studio/drafts/{draft}/clauses?clause=LS-5").text
    change(town, draft, f"{FOLDER}/application.bpmn", *reversed(period))
    found = view_trials(town.desk, town.designer, draft)
    assert "LS-5" not in found.trials
    assert found.waiting == len(found.claimed)


def test_the_rest_of_a_clause_is_what_is_tried_next(town: Lakeside) -> None:
    """Each run goes on behind the changes that were played, as long as the trial holds; the whole is as if at once."""
    draft = open_draft(town.desk, town.designer, KEY, "检验")
    with town.desk.store.read() as tx:
        tree = tree_of(town.desk, tx, draft)

    def work(run: Run) -> TrialReport:
        trials = clause_trials(town.desk, tree, run)
        whole, found = trials.trial("LS-3", 60), trials.trial("LS-3", 1)
        for left in reversed(range(found.left)):
            found = trials.trial("LS-3", 1, found)
            assert found.left == left
        assert found == whole
        first = trials.trial("LS-3", 1)
        stale = trials.trial("LS-3", 1, replace(first, mark="another"))
        assert stale == first, "what no longer holds is played again"
        [played, *_] = [number for number, one in enumerate(first.changes) if one.passes]
        told = replace(first.changes[played], title="早先已试")
        return TrialReport((replace(first, changes=(*first.changes[:played], told, *first.changes[played + 1 :])),))

    job = start_job(town.desk, town.designer, draft, JobOrder(TRIALS, 1, {"work": TRIALS, "clauses": []}), work)
    until(lambda: view_job(town.desk, town.designer, draft, job).over)
    assert view_job(town.desk, town.designer, draft, job).trouble is None
    assert view_trials(town.desk, town.designer, draft).trials["LS-3"].left
    rest = tried(town, draft, "LS-3")["LS-3"]
    assert rest.left == 0
    assert "早先已试" in {one.title for one in rest.changes}, "what was played is not played again"


def test_others_take_their_turn_between_clauses(town: Lakeside) -> None:
    draft = open_draft(town.desk, town.designer, KEY, "检验")
    begun, asked = Event(), Event()
    order: list[str] = []

    def long(_run: Run) -> NextTurn:
        begun.set()
        assert asked.wait(120)
        return NextTurn(lambda _run: order.append("the rest"))

    def short(_run: Run) -> None:
        with town.desk.store.read() as tx:
            kept = kept_result(tx, draft, TRIALS, TrialReport)
        order.extend(one.clause for one in kept.trials) if kept else None
        order.append(view_job(town.desk, town.designer, draft, trying).state)
        stop_job(town.desk, town.designer, draft, trying)

    first = start_job(town.desk, town.designer, draft, JobOrder("long", 2, {}), long)
    assert begun.wait(120)
    trying = try_clauses(town.desk, town.designer, draft, ["LS-5", "LS-6"])
    last = start_job(town.desk, town.designer, draft, JobOrder("short", 1, {}), short)
    asked.set()
    until(lambda: all(view_job(town.desk, town.designer, draft, job).over for job in (first, trying, last)))
    assert order == ["LS-5", JobState.WAITING, "the rest"]
    assert view_job(town.desk, town.designer, draft, first).state is JobState.DONE


def test_what_was_found_is_kept_where_the_run_is_stopped(town: Lakeside) -> None:
    draft = open_draft(town.desk, town.designer, KEY, "检验")
    report = TrialReport((ClauseTrial("LS-3", 1, 0, 0, ()),))

    def work(run: Run) -> TrialReport:
        run.keep(report)
        stop_job(town.desk, town.designer, draft, run.job)
        run.keep(report)
        raise AssertionError("it goes on")

    job = start_job(town.desk, town.designer, draft, JobOrder(TRIALS, 2, {"work": TRIALS, "clauses": []}), work)
    until(lambda: view_job(town.desk, town.designer, draft, job).over)
    assert view_job(town.desk, town.designer, draft, job).state is JobState.STOPPED
    with town.desk.store.read() as tx:
        assert kept_result(tx, draft, TRIALS, TrialReport) == report


def test_what_cannot_be_tried_is_refused(town: Lakeside) -> None:
    draft = open_draft(town.desk, town.designer, KEY, "检验")
    with pytest.raises(NotFound, match="没有“LS-99”"):
        try_clauses(town.desk, town.designer, draft, ["LS-99"])
    with pytest.raises(Invalid, match="没有情景声称证明“LS-1”"):
        try_clauses(town.desk, town.designer, draft, ["LS-1"])


def test_the_trials_are_published_with_the_version(town: Lakeside) -> None:
    draft = open_draft(town.desk, town.designer, KEY, "检验")
    change(town, draft, f"{FOLDER}/parameters.yaml", "value: 3", "value: 4")
    change(town, draft, f"{FOLDER}/scenarios/refused.yaml", "成立不满3年", "成立不满4年")
    trial = tried(town, draft, "LS-3")["LS-3"]
    submit_draft(town.desk, town.designer, draft, "放宽。")
    page = Browser(make_app(town), town, "checker").get(f"/studio/drafts/{draft}/publish").text
    assert "条拿掉就失败" in page
    review_draft(town.desk, town.checker, draft, approved=True, reason="首届只为试行。")
    publish_draft(town.desk, town.designer, draft)
    kept = view_proof_sheet(town.desk, town.admin, KEY).trials["LS-3"]
    assert (kept.verdict, kept.noticed, kept.unnoticed) == (trial.verdict, trial.noticed, trial.unnoticed)
    assert "结束时失败，期望：" in Browser(make_app(town), town, "admin").get(f"/law/{KEY}/proofs").text
    public = view_public_proofs(town.desk, Actor(None, "公众"), KEY)
    shown = next(line for line in public.lines if line.clause.id == "LS-3")
    assert (shown.trial.verdict, shown.trial.title, public.tested) == (trial.verdict, kept.first(noticed=True).title, 1)
    told = Browser(make_app(town), town).get(f"/portal/{KEY}/proofs").text
    assert f"情景“{shown.trial.title}”结束时失败" in told
    assert "期望：" not in told
