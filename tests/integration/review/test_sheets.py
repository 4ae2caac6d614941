"""Score sheets: out of band, by two people, dropped; dossiers in few statements."""

from collections.abc import Callable
from dataclasses import fields, replace
from datetime import date
from pathlib import Path

import pytest

import handlers
from service.casework.archives.score_book import write_score_book
from service.casework.assemble import desk_over
from service.casework.queries.cases.view_case import view_case
from service.casework.queries.tasks.view_task import view_task
from service.casework.review.disqualify import disqualify_expert
from service.casework.review.register_of_experts import set_expert_status
from service.casework.simulate import read_scenario
from service.casework.simulate.playing.play import play
from service.casework.step.save import save_step
from service.casework.step.step import open_step
from service.casework.step.submission import FormInvalid
from service.casework.tasks.complete import complete_task
from service.catalog import Package
from service.catalog.calendars.calendars import bundled_calendars, load_calendars
from service.domain.errors import Conflict, Invalid, NotAllowed
from service.sdk import operations
from service.store import Store
from service.store.models import ExpertRow
from tests.scenarios.mutants import package_of
from tests.support.formulas import Recalculated
from tests.support.review import DECLARED, HONEST, SCENARIOS, SCORED, STAGE, ReviewBench, review_package, sheet


def test_a_score_out_of_band_or_without_reasons_is_refused_at_its_field(drawn: ReviewBench) -> None:
    drawn.play(DECLARED)
    task = drawn.tasks("score")[0]
    member = drawn.member(int(task.assignee_id or 0))
    for percent in ("63", "105", "-5", "很好"):
        with pytest.raises(FormInvalid) as refused:
            complete_task(
                drawn.desk, member, task.id, None, sheet(drawn, 60, i_4_1_2={"percent": percent, "strengths": "好"})
            )
        assert "i_4_1_2.percent" in [e.path for e in refused.value.errors]
    with pytest.raises(FormInvalid) as refused:
        complete_task(drawn.desk, member, task.id, None, sheet(drawn, 60, i_4_7_7={"percent": "60"}))
    assert {e.path for e in refused.value.errors} == {"i_4_7_7.strengths", "i_4_7_7.improvements"}
    assert drawn.tasks("score")[0].id == task.id


def test_a_sheet_sent_by_two_people_is_a_conflict_and_both_versions_are_kept(drawn: ReviewBench) -> None:
    drawn.play(DECLARED, SCORED)
    (task,) = drawn.tasks("agree_scores")
    leader = drawn.member(int(task.assignee_id or 0))
    other = drawn.member(next(p for p in drawn.active() if p != leader.person_id))
    agreed = {k: {**v, "reason": "已议定"} for k, v in sheet(drawn, 55).items()}
    with drawn.desk.store.write() as tx:
        tx.tasks.step(task.id, task.version, personal=False, assignee_id=None)
    complete_task(drawn.desk, leader, task.id, None, agreed)
    with pytest.raises(Conflict):
        complete_task(drawn.desk, other, task.id, task.version, {k: {**v, "percent": "45"} for k, v in agreed.items()})
    with drawn.desk.store.read() as tx:
        kept = [
            (s.person_id, s.state, s.points)
            for s in tx.sheets.select(case_id=drawn.case(), stage=STAGE)
            if s.kind == "consensus"
        ]
    assert kept == [(leader.person_id, "valid", "550/1"), (other.person_id, "conflict", "450/1")]


def test_each_member_is_told_once_of_a_task_of_their_own(drawn: ReviewBench) -> None:
    with drawn.desk.store.read() as tx:
        holders = {t.id: t.assignee_id for t in tx.tasks.select(case_id=drawn.case()) if t.personal}
        told = [
            (int(row.text.rpartition("/tasks/")[2]), row.person_id)
            for row in tx.mail.select(case_id=drawn.case())
            if ":arrived:" in row.effect_key
        ]
    assert sorted(told) == sorted(holders.items())


def test_the_application_is_closed_to_a_reviewer_until_they_have_declared(drawn: ReviewBench) -> None:
    task = drawn.tasks("declare_interest")[0]
    member = drawn.member(int(task.assignee_id or 0))
    assert view_task(drawn.desk, member, task.id).papers == ()
    with pytest.raises(NotAllowed, match="申明利害关系"):
        view_case(drawn.desk, member, drawn.case())
    complete_task(drawn.desk, member, task.id, None, HONEST)
    assert view_case(drawn.desk, member, drawn.case()).submissions


def test_nobody_is_shown_what_another_reviewer_declared_or_scored(drawn: ReviewBench) -> None:
    first, *others = drawn.tasks("declare_interest")
    complete_task(drawn.desk, drawn.member(int(first.assignee_id or 0)), first.id, None, HONEST)
    shown = [view_task(drawn.desk, drawn.member(int(t.assignee_id or 0)), t.id).values for t in others]
    assert not any(s.get("truthful") or s.get("declared") for s in shown)
    drawn.play(DECLARED)
    first, *others = drawn.tasks("score")
    complete_task(drawn.desk, drawn.member(int(first.assignee_id or 0)), first.id, None, sheet(drawn, 60))
    for task in others:
        fresh = view_task(drawn.desk, drawn.member(int(task.assignee_id or 0)), task.id).values
        assert "60" not in str(fresh)
        assert "方法系统" not in str(fresh)


def test_beside_a_task_the_office_reads_who_wrote_which_sheet_and_a_reviewer_finds_only_the_own_one(
    drawn: ReviewBench,
) -> None:
    drawn.play(DECLARED)
    members = [drawn.member(int(t.assignee_id or 0)) for t in drawn.tasks("score")[:2]]
    for member, task in zip(members, drawn.tasks("score")[:2], strict=True):
        complete_task(drawn.desk, member, task.id, None, sheet(drawn, 60))
    waiting = drawn.tasks("score")[-1].id
    beside = view_task(drawn.desk, drawn.actor("office"), waiting).submissions
    assert {s.who for s in beside if s.form.id.startswith("score/")} == {m.name for m in members}
    third = drawn.member(int(drawn.tasks("score")[-1].assignee_id or 0))
    assert not any(s.form.id.startswith("score/") for s in view_task(drawn.desk, third, waiting).submissions)


def test_the_scores_of_a_disqualified_reviewer_are_dropped_and_the_result_is_combined_anew(drawn: ReviewBench) -> None:
    drawn.play(DECLARED, SCORED.replace("20]", "65]"))
    with drawn.desk.store.read() as tx:
        (before,) = tx.stage_scores.select(case_id=drawn.case())
        person = next(s.person_id for s in tx.sheets.select(case_id=drawn.case()) if s.points == "700/1")
        expert = tx.experts.find(jurisdiction="riverton", person_id=person)
    assert expert is not None
    assert before.points == "650/1"
    office = drawn.actor("office")
    with pytest.raises(Invalid):
        set_expert_status(drawn.desk, office, expert.id, expert.version, "disqualified", "")
    assert set_expert_status(drawn.desk, office, expert.id, expert.version, "disqualified", "泄露评审情况") == 1
    with drawn.desk.store.read() as tx:
        (after,) = tx.stage_scores.select(case_id=drawn.case())
        facts = tx.cases.get(drawn.case()).facts
        history = [c.text for c in tx.expert_changes.select("-id", expert_id=expert.id)]
    assert after.points == "625/1"
    assert facts["material_points"] == 625.0
    assert "取消专家资格：泄露评审情况" in history
    assert person not in drawn.active()


def test_a_step_of_a_diagram_that_strikes_an_expert_off_has_the_same_effect(drawn: ReviewBench) -> None:
    drawn.play(DECLARED, SCORED.replace("20]", "65]"))
    with drawn.desk.store.read() as tx:
        person = next(s.person_id for s in tx.sheets.select(case_id=drawn.case()) if s.points == "700/1")
        name = tx.people.get(person).name
    with drawn.desk.store.write() as tx:
        step = open_step(drawn.desk, tx, drawn.case("届"), drawn.actor("office"))
        assert disqualify_expert(step, "", "违规", None, "drop") is None
        assert disqualify_expert(step, name, "违规", None, "drop") is None, "a name alone means nobody: two may bear it"
        (review,) = disqualify_expert(step, str(person), "泄露评审情况", date(2028, 1, 1), "drop") or ()
        assert (review["stage"], review["sheets"]) == ("material_review", 2)
        save_step(step)
    drawn.stage.drain()
    with drawn.desk.store.read() as tx:
        (after,) = tx.stage_scores.select(case_id=drawn.case())
        expert = tx.experts.find(jurisdiction="riverton", person_id=person)
    assert expert is not None
    assert (expert.status, expert.status_reason, expert.status_until) == (
        "disqualified",
        "泄露评审情况",
        date(2028, 1, 1),
    )
    assert after.points == "625/1"
    assert person not in drawn.active()


def test_another_city_strikes_its_expert_off_its_own_register_only(drawn: ReviewBench) -> None:
    """One person may serve two cities: neither reaches into the panels and results of the other."""
    drawn.play(DECLARED, SCORED)
    person, office = drawn.active()[0], drawn.actor("office")
    foreign = replace(office, seats=tuple(replace(s, jurisdiction="elsewhere") for s in office.seats))
    with drawn.desk.store.write() as tx:
        listed = tx.experts.find(jurisdiction="riverton", person_id=person)
        assert listed is not None
        entry = {f.name: getattr(listed, f.name) for f in fields(listed) if f.name not in ("id", "jurisdiction")}
        ident = tx.experts.insert(ExpertRow(jurisdiction="elsewhere", **entry))
    for ended in ("disqualified", "active"):
        assert set_expert_status(drawn.desk, foreign, ident, _version(drawn, ident), ended, "违反本地规定") == 0
    assert person in drawn.active()
    with drawn.desk.store.read() as tx:
        assert all(s.state == "valid" for s in tx.sheets.select(case_id=drawn.case()))
        assert tx.experts.get(listed.id).status == "active"


def _version(bench: ReviewBench, expert: int) -> int:
    with bench.desk.store.read() as tx:
        return tx.experts.get(expert).version


# The workbook of scores that goes with an archive computes every stage and every place again, and shows what was changed.

handlers.load()


CITY = Path(__file__).parents[3] / "processes"


KINDS: dict[str, Callable[[], tuple[Package, Path]]] = {
    "two stages": lambda: (review_package(), next(path for path in SCENARIOS if path.stem == "two_reviewed")),
    "a whole season": lambda: (
        package_of("urumqi/quality_award"),
        CITY / "urumqi/quality_award/scenarios/whole_way.yaml",
    ),
}

STAGES = {"two stages": {"材料评审"}, "a whole season": {"材料评审", "陈述答辩", "现场评审"}}

METHODS = {"two stages": {"平均（只有3份，没有去掉最高、最低分）", "合议"}, "a whole season": {"平均"}}


def book_of(store: Store, kind: str) -> Recalculated:
    package, path = KINDS[kind]()
    scenario = read_scenario(path.read_bytes(), path.name)
    calendars = load_calendars(bundled_calendars())
    played = play(store, package, scenario, calendars, operations())
    assert played.passed
    desk = desk_over(store, calendars, operations())
    with store.read() as tx:
        first = tx.cases.get(1)
        cases = tx.cases.tree(first.id)
        content = write_score_book(desk, tx, cases, {case.id: case.title for case in cases})
    assert content is not None
    return Recalculated(content)


@pytest.mark.parametrize("kind", KINDS)
def test_the_formulas_come_to_what_is_on_record(kind: str, sqlite_store: Store) -> None:
    book = book_of(sqlite_store, kind)
    for title in ("评分表", "阶段得分", "排名"):
        rows = book.rows(title)
        assert rows, title
        assert {row[-1] for row in rows} == {"相符"}, [row for row in rows if row[-1] != "相符"]
    assert {row[3] for row in book.rows("阶段得分")} == METHODS[kind]
    assert {row[2] for row in book.rows("阶段得分")} == STAGES[kind]
    assert book.rows("抽取")
    assert all(len(row[5]) == 64 for row in book.rows("抽取"))


def test_no_text_of_a_round_runs_as_a_formula(sqlite_store: Store) -> None:
    """An applicant may be called whatever it likes."""
    book = book_of(sqlite_store, "two stages")
    with sqlite_store.read() as tx:
        cases = tx.cases.tree(1)
        desk = desk_over(sqlite_store, load_calendars(bundled_calendars()), operations())
        content = write_score_book(desk, tx, cases, {case.id: "=1+1" for case in cases})
    assert content is not None
    named = {row[1] for row in Recalculated(content).rows("条款得分")}
    assert named == {"'=1+1"}
    assert book
