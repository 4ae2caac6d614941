"""A recused person reaches nothing about the applicant: by use case, by list, by page."""

import re
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

import pytest

from service.casework.access.case_access import may_view_case
from service.casework.queries.cases.view_case import view_case
from service.casework.queries.people.experts import LedTo, view_draws, view_expert
from service.casework.queries.tasks.view_task import view_task
from service.casework.reading.dossier import view_dossier
from service.casework.reading.submissions import view_submission
from service.casework.review.decide_recusals import decide_recusals, record_recusal
from service.casework.review.draw_panel import replace_member
from service.casework.review.keep_appointments import appointments_as_calendar
from service.casework.review.ties_on_record import declare_late_tie, lift_recusal
from service.casework.step.step import open_step
from service.casework.tasks.attach_upload import attach_upload
from service.casework.tasks.claim import claim_task
from service.casework.tasks.complete import complete_task
from service.casework.tasks.delegate import delegate_task
from service.casework.tasks.save_draft import save_draft
from service.casework.tasks.send_back import send_back
from service.domain.errors import Conflict, Invalid, LaurelError, NotAllowed
from service.domain.forms import UploadRules
from service.store.models import InterestRow
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


def everybody(bench: ReviewBench) -> set[int]:
    with bench.desk.store.read() as tx:
        return {row.person_id for row in tx.experts.select(jurisdiction="riverton")}


def test_nobody_ends_their_own_recusal(drawn: ReviewBench) -> None:
    """Somebody of the office may be recused too; what keeps them away is ended by a colleague."""
    office = drawn.actor("office")
    recuse(drawn, int(office.person_id or 0))
    with drawn.desk.store.read() as tx:
        (row,) = tx.recusals.select("-id", person_id=int(office.person_id or 0))
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
        tx.interests.insert(tie)
        entry = tx.experts.find(jurisdiction=tx.cases.get(drawn.case()).jurisdiction, person_id=person)
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


# An expert who finds a tie only while scoring declares it; the office decides, and replaces who is recused.

KIND, TEXT = "paid_work", "去年为该公司做过培训"


@pytest.fixture
def scoring(here: ReviewBench) -> ReviewBench:
    here.play(DECLARED)
    return here


def sheet_of(bench: ReviewBench, person: int) -> int:
    return next(task.id for task in bench.tasks("score") if task.assignee_id == person)


def browsing(bench: ReviewBench, who: str, person: int | None = None) -> Browser:
    if person is None:
        bench.actor(who)
    else:
        bench.people[who] = person
    return Browser(create_app(bench.desk, settings_for_tests()), bench, who)  # type: ignore[arg-type]


def words(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_the_papers_are_named_without_links_until_one_has_declared(drawn: ReviewBench) -> None:
    task = drawn.tasks("declare_interest")[0]
    expert = browsing(drawn, "expert", int(task.assignee_id or 0))
    page, case = expert.get(f"/tasks/{task.id}").text, f"/cases/{drawn.case()}"
    assert not re.findall(rf'href="(?:{case}|/uploads/|/documents/)', page)
    refused = expert.get(case)
    assert refused.status_code == 403
    assert f'href="/tasks/{task.id}">申明利害关系</a>' in refused.text
    assert ("这里不由您办理" in refused.text, "角色登记有误" in refused.text) == (False, False)


def test_a_tie_found_while_scoring_stops_it_until_the_office_decides_and_who_is_recused_is_replaced(
    scoring: ReviewBench,
) -> None:
    person = scoring.active()[0]
    task = sheet_of(scoring, person)
    expert, office = browsing(scoring, "expert", person), browsing(scoring, "office")
    way = f"/tasks/{task}/tie"
    assert f'href="{way}"' in expert.get(f"/tasks/{task}").text
    assert "申明利害关系" in expert.get(way).text
    refused = expert.post(way, {"kind": KIND, "text": " "})
    assert (refused.status_code, refused.text.count("请写明是什么关系")) == (422, 2), "above and beside the field"
    assert 'id="text-error">请写明是什么关系' in refused.text
    assert 'id="kind-error">请选择利害关系的种类' in expert.post(way, {"kind": "", "text": TEXT}).text
    assert expert.post(way, {"kind": KIND, "text": TEXT}).headers["Location"] == "/appointments#ties"
    shown = words(expert.get("/appointments").text)
    assert TEXT in shown
    assert "还没有决定是否回避" in shown
    assert "办公室决定是否回避之前" in words(expert.get(f"/tasks/{task}").text)
    assert expert.get(f"/cases/{scoring.case()}/dossier").status_code == 403
    with pytest.raises(Conflict, match="决定是否回避之前"):
        complete_task(scoring.desk, scoring.member(person), task, None, sheet(scoring, 60))

    scoring.stage.drain()
    assert scoring.tasks("score") == [], "nobody goes on before it is decided"
    page = f"/cases/{scoring.case()}/panel"
    assert "利害关系待决定" in words(office.get(page).text)
    decide(scoring, "yes", "近三年有偿服务")
    assert person not in scoring.active()
    assert len(scoring.active()) == 3
    (new,) = (task.assignee_id for task in scoring.tasks("declare_interest"))
    assert new in scoring.active()
    with scoring.desk.store.read() as tx:
        told = [row.subject for row in tx.mail.select("-id", limit=20, person_id=person)]
    assert "决定回避：甲公司" in told
    assert "利害关系待决定" not in words(office.get(page).text)


def decide(bench: ReviewBench, recuse: str, reason: str) -> None:
    bench.play(
        f"{{as: office, case: 甲, complete: decide_recusals, with: {{decisions: [{{recuse: {recuse!r}, reason: {reason}}}]}}}}"
    )


def test_who_is_not_recused_goes_on_scoring(scoring: ReviewBench) -> None:
    person = scoring.active()[0]
    task = sheet_of(scoring, person)
    declare_late_tie(scoring.desk, scoring.member(person), task, KIND, TEXT)
    with pytest.raises(Conflict, match="等决定是否回避"):
        declare_late_tie(scoring.desk, scoring.member(person), task, KIND, "再说一次")
    scoring.stage.drain()
    decide(scoring, "no", "一次讲座，不影响")
    again = sheet_of(scoring, person)
    with pytest.raises(Conflict, match="已经决定过"):
        declare_late_tie(scoring.desk, scoring.member(person), again, KIND, TEXT)
    complete_task(scoring.desk, scoring.member(person), again, None, sheet(scoring, 60))
    assert person in scoring.active()


def test_only_who_scores_declares_it_and_says_what_it_is(scoring: ReviewBench) -> None:
    first, second = scoring.active()[:2]
    task = sheet_of(scoring, first)
    with pytest.raises(NotAllowed):
        declare_late_tie(scoring.desk, scoring.member(second), task, KIND, TEXT)
    with pytest.raises(Invalid, match="什么关系"):
        declare_late_tie(scoring.desk, scoring.member(first), task, KIND, "  ")
    with pytest.raises(Invalid, match="种类"):
        declare_late_tie(scoring.desk, scoring.member(first), task, "neighbour", TEXT)


def test_a_tie_put_on_the_register_after_the_sheet_stops_the_review_and_voids_the_sheet(scoring: ReviewBench) -> None:
    person, office = scoring.active()[0], browsing(scoring, "office")
    scoring.play("{case: 甲, each: score, percent: [80, 60, 60]}")
    with scoring.desk.store.read() as tx:
        (expert,) = tx.experts.select(person_id=person)
        case = tx.cases.get(scoring.case())
    entered = {"body": str(case.subject_id), "kind": KIND, "text": TEXT}
    office.post(f"/experts/{expert.id}/interests", entered)
    assert f"该专家正在评审：{case.title}。评审已经停下" in words(office.get(f"/experts/{expert.id}").text)
    scoring.stage.drain()
    assert scoring.tasks("write_opinion") == [], "no opinion rests on a sheet that may be void"
    decide(scoring, "yes", "近三年有偿服务")
    assert person not in scoring.active()
    scoring.play(DECLARED, "{case: 甲, each: score, percent: 60}")
    with scoring.desk.store.read() as tx:
        (result,) = tx.stage_scores.select(case_id=scoring.case())
    assert float(Fraction(result.points)) == 60 * float(Fraction(result.details["full"])) / 100
    scoring.play(
        "{case: 甲, each: write_opinion, with: {strengths: 好, improvements: 无, conclusion: 通过, recommendation: go_on}}"
    )
    other = scoring.active()[0]
    with scoring.desk.store.read() as tx:
        (expert,) = tx.experts.select(person_id=other)
    office.post(f"/experts/{expert.id}/interests", entered)
    assert f"其评分已经计入这些已结束阶段的得分：{case.title}。" in words(office.get(f"/experts/{expert.id}").text)
