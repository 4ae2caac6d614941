"""A recused person reaches nothing about the applicant: by use case, by list, by page."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from service.casework.access.actor import Actor
from service.casework.access.case_access import is_recused, may_view_case
from service.casework.queries.cases.list_cases import CaseQuery, list_cases
from service.casework.queries.cases.view_case import view_case
from service.casework.queries.people.experts import view_draws, view_expert
from service.casework.queries.people.tie_outcomes import LedTo
from service.casework.queries.tasks.list_tasks import TaskQuery, list_tasks
from service.casework.queries.tasks.view_task import view_task
from service.casework.reading.dossier import view_dossier
from service.casework.reading.submissions import view_submission
from service.casework.review.decide_recusals import decide_recusals, record_recusal
from service.casework.review.keep_appointments import appointments_as_calendar
from service.casework.review.replace_member import replace_member
from service.casework.review.ties_on_record import lift_recusal
from service.casework.step.step import open_step
from service.casework.tasks.attach_upload import attach_upload
from service.casework.tasks.claim import claim_task
from service.casework.tasks.complete import complete_task
from service.casework.tasks.delegate import delegate_task
from service.casework.tasks.save_draft import save_draft
from service.casework.tasks.send_back import send_back
from service.domain.errors import LaurelError, NotAllowed
from service.domain.forms import UploadRules
from service.store.rows import InterestRow
from service.web import create_app
from tests.support.browsers import Browser, settings_for_tests
from tests.support.review import DECLARED, HONEST, SCORED, ReviewBench, sheet


def recuse(bench: ReviewBench, person: int, nick: str = "甲") -> None:
    """Put a recusal on record as the decision of the office does."""
    with bench.desk.store.write() as tx:
        step = open_step(bench.desk, tx, bench.case(nick), bench.actor("office"))
        assert step.case.subject_id is not None
        record_recusal(step, person, step.case.subject_id, "曾任职", "challenged", ())


ATTEMPTS: dict[str, Callable[[ReviewBench, object, int, int], object]] = {
    "open the case": lambda b, a, case, task: view_case(b.desk, a, case),
    "open the task": lambda b, a, case, task: view_task(b.desk, a, task),
    "complete the task": lambda b, a, case, task: complete_task(b.desk, a, task, None, sheet(b, 50)),
    "save a draft": lambda b, a, case, task: save_draft(b.desk, a, task, {"x": 1}),
    "claim": lambda b, a, case, task: claim_task(b.desk, a, task),
    "delegate": lambda b, a, case, task: delegate_task(b.desk, a, task, None, 1, "忙"),
    "send back": lambda b, a, case, task: send_back(b.desk, a, task, None, "不对"),
    "upload": lambda b, a, case, task: attach_upload(b.desk, a, task, "f", "a.pdf", __import__("io").BytesIO(b"%PDF-1.4\n%%EOF"), UploadRules()),
    "read a form": lambda b, a, case, task: view_submission(b.desk, a, 1, case),
    "read the dossier": lambda b, a, case, task: view_dossier(b.desk, a, case),
    "read the calendar": lambda b, a, case, task: appointments_as_calendar(b.desk, a, "localhost", case),
}  # fmt: skip


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_every_way_in_is_refused(drawn: ReviewBench, attempt: str) -> None:
    drawn.play(DECLARED)
    task = drawn.tasks("score")[0]
    recuse(drawn, int(task.assignee_id or 0))
    member = drawn.member(int(task.assignee_id or 0))
    with pytest.raises(LaurelError) as refused:
        ATTEMPTS[attempt](drawn, member, drawn.case(), task.id)
    assert isinstance(refused.value, NotAllowed), refused.value


def test_lists_leave_the_applicant_out(drawn: ReviewBench) -> None:
    drawn.play("{as: 乙, start: application, parent: 届, name: 乙, with: {merit: 特色}}", DECLARED)
    person = int(drawn.tasks("score")[0].assignee_id or 0)
    assert drawn.case() in [c.id for c in list_cases(drawn.desk, drawn.member(person), CaseQuery()).lines]
    recuse(drawn, person)
    member = drawn.member(person)
    assert drawn.case() not in [c.id for c in list_cases(drawn.desk, member, CaseQuery()).lines]
    for scope in ("mine", "body", "visible"):
        assert drawn.case() not in [t.case_id for t in list_tasks(drawn.desk, member, TaskQuery(scope)).lines]


def test_whoever_oversees_everything_is_kept_away_too(drawn: ReviewBench) -> None:
    office = drawn.actor("office")
    recuse(drawn, int(office.person_id or 0))
    office = drawn.actor("office")
    with pytest.raises(NotAllowed, match="回避"):
        view_case(drawn.desk, office, drawn.case())
    with pytest.raises(NotAllowed):
        view_draws(drawn.desk, office, drawn.case())
    assert drawn.case() not in [c.id for c in view_case(drawn.desk, office, drawn.case("届")).children]
    with drawn.desk.store.read() as tx:
        assert not may_view_case(office, tx.cases.get(drawn.case()), tx)


def test_a_recusal_from_a_partner_keeps_away_from_a_joint_application(drawn: ReviewBench) -> None:
    with drawn.desk.store.read() as tx:
        case = tx.cases.get(drawn.case())
    joint = replace(case, facts={**case.facts, "partners": [{"id": 999, "name": "乙公司", "code": ""}]})
    assert is_recused(Actor(1, "王", recused=frozenset({999})), joint)
    assert not is_recused(Actor(1, "王", recused=frozenset({999})), case)


def test_an_evaluator_sees_neither_other_applications_nor_the_tasks_and_sheets_of_others(drawn: ReviewBench) -> None:
    drawn.play(DECLARED)
    leader = drawn.panel()[0].leader_id  # who sees the sheets of the panel, and is drawn by lot
    first, second = [task for task in drawn.tasks("score") if task.assignee_id != leader][:2]
    member = drawn.member(int(first.assignee_id or 0))
    complete_task(drawn.desk, drawn.member(int(second.assignee_id or 0)), second.id, None, sheet(drawn, 60))
    others = next(task for task in drawn.tasks("score") if task.assignee_id != first.assignee_id)
    with pytest.raises(NotAllowed):
        complete_task(drawn.desk, member, others.id, None, HONEST)
    shown = view_case(drawn.desk, member, drawn.case())
    assert [t.id for t in shown.tasks] == [first.id]
    assert all(not s.form.id.startswith("score/") for s in shown.submissions)
    (stage,) = view_dossier(drawn.desk, member, drawn.case()).stages
    assert stage.sheets == ()
    outsider = next(p for p in range(1, 9) if p not in drawn.active() and p in everybody(drawn))
    with pytest.raises(NotAllowed):
        view_case(drawn.desk, drawn.member(outsider), drawn.case())


def test_the_applicant_learns_neither_who_reviews_nor_what_was_scored(drawn: ReviewBench) -> None:
    drawn.play(DECLARED, SCORED)
    shown = view_case(drawn.desk, drawn.actor("甲"), drawn.case())
    said = " ".join(f"{e.who}{e.text}{e.reason}" for e in shown.brief.events) + str(shown.tasks)
    names = [drawn.member(p).name for p in drawn.active()]
    assert not any(name in said for name in names)
    assert "分歧" not in said
    assert all(not s.form.id.startswith("score/") for s in shown.submissions)
    with pytest.raises(NotAllowed):
        view_dossier(drawn.desk, drawn.actor("甲"), drawn.case())


def test_every_page_refuses_a_recused_person_with_a_sentence(here: ReviewBench) -> None:
    here.play(DECLARED)
    task = here.tasks("score")[0]
    person = int(task.assignee_id or 0)
    here.people["member"] = person
    browser = Browser(create_app(here.desk, settings_for_tests()), here, "member")  # type: ignore[arg-type]
    pages = [f"/cases/{here.case()}", f"/tasks/{task.id}", f"/cases/{here.case()}/dossier", f"/cases/{here.case()}/diagram.json",
             f"/cases/{here.case()}/appointments.ics", f"/cases/{here.case()}/forms/1"]  # fmt: skip
    assert browser.get(pages[0]).status_code == 200
    recuse(here, person)
    for page in pages:
        answer = browser.get(page)
        assert answer.status_code == 403, page
        assert "回避" in answer.text or page.endswith((".json", ".ics")), page
    assert browser.post(f"/tasks/{task.id}/complete", {"i_4_1_2.percent": "50"}).status_code in (403, 404, 405)
    assert "甲公司" not in browser.get("/tasks?scope=visible").text


def everybody(bench: ReviewBench) -> set[int]:
    with bench.desk.store.read() as tx:
        return {row.person_id for row in tx.experts.pool("riverton")}


def test_nobody_ends_their_own_recusal(drawn: ReviewBench) -> None:
    """Somebody of the office may be recused too; what keeps them away is ended by a colleague."""
    office = drawn.actor("office")
    recuse(drawn, int(office.person_id or 0))
    with drawn.desk.store.read() as tx:
        (row,) = tx.experts.recusals_of(int(office.person_id or 0))
    with pytest.raises(NotAllowed, match="本人"):
        lift_recusal(drawn.desk, drawn.actor("office"), row.id, "已无利害关系")
    with pytest.raises(NotAllowed):
        view_case(drawn.desk, drawn.actor("office"), drawn.case())
    colleague = replace(office, person_id=drawn.active()[0])
    lift_recusal(drawn.desk, colleague, row.id, "已无利害关系")
    assert view_case(drawn.desk, drawn.actor("office"), drawn.case()).brief is not None


def test_why_a_member_left_the_panel_is_for_the_office_to_know(drawn: ReviewBench) -> None:
    drawn.play(DECLARED)
    gone, other = sorted(drawn.active())[:2]
    replace_member(drawn.desk, drawn.actor("office"), drawn.case(), drawn.panel()[0].id, gone, "患病住院")
    seen = {}
    for who in (drawn.actor("office"), drawn.member(other)):
        (stage,) = view_dossier(drawn.desk, who, drawn.case()).stages
        seen[who.name] = {m.state: m.reason for m in stage.members if m.person == gone}
    assert list(seen.values()) == [{"replaced": "患病住院"}, {"replaced": ""}]
    (task,) = (t for t in drawn.tasks("score") if t.assignee_id == gone)
    with pytest.raises(NotAllowed):
        complete_task(drawn.desk, drawn.member(gone), task.id, None, sheet(drawn, 50))
    drawn.stage.drain()
    with pytest.raises(NotAllowed):
        view_case(drawn.desk, drawn.member(gone), drawn.case())


def test_a_declared_tie_says_whether_it_led_to_a_recusal(drawn: ReviewBench) -> None:
    """Given a tie that a member declared: it is open until it is decided, and says then what was decided."""
    drawn.play(DECLARED)
    person = int(drawn.tasks("score")[0].assignee_id or 0)
    with drawn.desk.store.write() as tx:
        body = tx.cases.get(drawn.case()).subject_id
        assert body is not None
        tie = InterestRow(
            person_id=person, body_id=body, kind="other", last_day=None, source="declared", text="同学", case_id=drawn.case(),
            noted_at=drawn.desk.clock.now(),
        )  # fmt: skip
        tx.experts.add_interest(tie)
        entry = tx.experts.of_person(tx.cases.get(drawn.case()).jurisdiction, person)
    assert entry is not None

    def led_to() -> list[LedTo]:
        return [one.led_to for *_, one in view_expert(drawn.desk, drawn.actor("office"), entry.id).interests]

    assert led_to() == [LedTo.OPEN]
    with drawn.desk.store.write() as tx:
        step = open_step(drawn.desk, tx, drawn.case(), drawn.actor("office"))
        (panel,) = tx.panels.of_case(drawn.case())
        no = {"person": person, "body": body, "recuse": False, "reason": "同学关系不影响评审"}
        decide_recusals(step, panel, [no], "continue", ())
    assert led_to() == [LedTo.KEPT]
    recuse(drawn, person)
    assert led_to() == [LedTo.RECUSED]
