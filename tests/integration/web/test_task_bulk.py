"""A selection of tasks that do not all go together: each part is said, done after the other, and nothing is lost."""

import html
import io
import re
from typing import Any

import pytest

from service.casework.definitions.publish import publish_package
from service.casework.simulate.stage.stage import PlayState
from service.casework.simulate.stage.verbs import DOERS
from service.catalog import build_catalog
from service.catalog.tree import read_tree
from service.store import Store
from tests.support.browsers import Browse, Browser, browser_of
from tests.support.desks import DATA, PACKAGE, Bench
from tests.support.half_seasons import season_until
from tests.support.records import hold_seat, keep_away

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


@pytest.fixture
def mixed(bench: Bench) -> list[str]:
    """Two reviews of the office and one form of an applicant's; one person of the office is the applicant's too."""
    with bench.desk.store.write() as tx:
        seat = bench.applicant.seats[0]
        hold_seat(tx, bench.people["office"], seat.body_id, seat.jurisdiction, seat.role, bench.clock.now())
    for who in (bench.applicant, bench.stranger):
        bench.submitted(by=who)
    bench.started()
    return [str(bench.tasks(case)[0].id) for case in (1, 2, 3)]


def hidden(page: str, name: str) -> list[str]:
    return re.findall(rf'<input type="(?:hidden|checkbox)" name="{name}" value="(\d+)"', page)


def test_what_goes_together_is_submitted_and_the_rest_is_named(bench: Bench, browse: Browse, mixed: list[str]) -> None:
    office = browse("office")
    page = office.post("/tasks/bulk", {"task": mixed, "do": "complete"}).text
    assert hidden(page, "task") == mixed[:2]
    assert "以下 1 项不能一起办理" in page
    assert "须逐件办理" in page
    assert f'href="/tasks/{mixed[2]}"' in page
    assert office.post("/tasks/bulk/complete", {"task": mixed, "decision": "pass"}).headers["Location"] == "/tasks"
    assert bench.tasks(1) == bench.tasks(2) == []
    assert len(bench.tasks(3)) == 1


def test_all_of_a_step_go_together_but_what_is_unticked(bench: Bench, browse: Browse, mixed: list[str]) -> None:
    office = browse("office")
    (link,) = re.findall(r'href="(/tasks/bulk/rest[^"]+)">“审核”全部一起办理', office.get("/tasks?scope=body").text)
    page = office.get(html.unescape(link)).text
    assert hidden(page, "task") == mixed[:2]
    assert page.count(" checked> ") == 2
    office.post("/tasks/bulk/complete", {"task": mixed[1:2], "decision": "pass"})
    assert (len(bench.tasks(1)), bench.tasks(2)) == (1, [])
    assert f"已提交 1 项：{bench.case(2).title}。" in office.get("/tasks").text
    office.post("/tasks/bulk/complete", {"task": [mixed[0], mixed[2]], "decision": "pass"})


def test_what_the_form_of_a_case_holds_stays_its_own(sqlite_store: Store) -> None:
    stage = season_until("urumqi/quality_award", "correction_succeeds", sqlite_store, "recommend", "甲")
    unit, case, task = audit_unit_at_recommendation(stage)
    page = unit.get(f"/tasks/bulk/rest?do=complete&alike={task}").text
    assert "公示期收到异议（件）：0" in page
    assert 'name="objections"' not in page, "what each case fills in itself is not asked for once more"
    assert 'name="objection_note"' in page
    unit.post("/tasks/bulk/complete", {**RECOMMENDED, "task": task, "objection_note": "公示期没有收到异议。"})
    kept = recommendation_of(stage, case)
    assert kept["objections"] == 0
    assert kept["objection_note"] == "公示期没有收到异议。", "where a form holds nothing, the answer for all is taken"


def test_an_answer_for_all_replaces_no_note_on_the_objections_to_one(sqlite_store: Store) -> None:
    stage = season_until("urumqi/quality_award", "clean", sqlite_store, "recommend", "甲")
    unit, case, task = audit_unit_at_recommendation(stage)
    unit.post("/tasks/bulk/complete", {**RECOMMENDED, "task": task, "objection_note": "公示期没有收到异议。"})
    assert "正在审查" in recommendation_of(stage, case)["objection_note"]


RECOMMENDED = {"recommendation_decision": "recommend", "opinion": "符合条件，同意推荐参加评审。"}


def audit_unit_at_recommendation(stage: PlayState) -> tuple[Browser, int, str]:
    stage.pass_time(next(move for move in stage.scenario.moves if move.value == "recommend"))
    with stage.desk.store.read() as tx:
        task = next(t for t in tx.tasks.open_of_case(stage.case("甲")) if t.element == "recommend")
    return browser_of(stage, "audit_unit@tianshan"), task.case_id, str(task.id)


def recommendation_of(stage: PlayState, case: int) -> dict[str, Any]:
    with stage.desk.store.read() as tx:
        return dict(tx.forms.of_case(case, "recommendation")[-1].data)


def test_nobody_is_offered_who_is_recused_from_one_of_the_applicants(
    bench: Bench, browse: Browse, mixed: list[str]
) -> None:
    office, second = browse("office"), str(bench.people["second"])
    with bench.desk.store.write() as tx:
        about = tx.cases.get(2).subject_id
        assert about is not None
        keep_away(tx, "testville", int(second), about, 2, "亲属", bench.clock.now(), source="declared")
        name = tx.people.get(int(second)).name
    page = office.post("/tasks/bulk", {"task": mixed[:2], "do": "delegate"}).text
    assert f'name="person" value="{second}"' not in page
    assert f"已经回避、不能接办的人员：{name}" in page
    alone = office.post("/tasks/bulk", {"task": mixed[:1], "do": "delegate"}).text
    assert (f'name="person" value="{second}"' in alone, "不能接办" in alone) == (True, False)


def test_what_is_not_ones_own_is_counted_and_not_named(bench: Bench, browse: Browse, mixed: list[str]) -> None:
    page = browse("second").post("/tasks/bulk", {"task": mixed, "do": "complete"}).text
    assert "另有 1 项不在您的办理范围" in page
    assert f"/tasks/{mixed[2]}" not in page
    alone = browse("second").post("/tasks/bulk", {"task": mixed[2:], "do": "complete"}).text
    for verb in ("complete", "delegate"):
        page = browse("office").post("/tasks/bulk", {"task": [*mixed[:2], "99999"], "do": verb}).text
        assert hidden(page, "task") == mixed[:2], "a task that is gone does not lose the others"
        assert "另有 1 项不在您的办理范围或已不存在" in page
    assert "所选事项不在您的办理范围" in alone


def test_tasks_under_two_versions_of_a_procedure_are_submitted_one_form_after_the_other(
    bench: Bench, browse: Browse, mixed: list[str]
) -> None:
    files = dict(read_tree(DATA))
    name = next(path for path in files if path.endswith("prize/application.bpmn"))
    files[name] = files[name].replace(b'name="bulk" value="yes"', b'name="bulk" value="yes" ', 1)
    with bench.desk.store.write() as tx:
        publish_package(tx, build_catalog(files).package(PACKAGE), bench.clock.now(), "test")
    case = bench.submitted(by=bench.stranger)
    (newer,) = bench.tasks(case)
    office, both = browse("office"), [mixed[0], str(newer.id)]
    page = office.post("/tasks/bulk", {"task": both, "do": "complete"}).text
    assert (hidden(page, "task"), hidden(page, "rest")) == (both[:1], both[1:])
    after = office.post("/tasks/bulk/complete", {"task": both[:1], "rest": both[1:], "decision": "pass"})
    assert (bench.tasks(1), len(bench.tasks(case))) == ([], 1)
    rest = office.get(after.headers["Location"]).text
    assert "批量提交 1 项" in rest
    assert office.post("/tasks/bulk/complete", {"task": both[1:], "decision": "pass"}).headers["Location"] == "/tasks"
    assert bench.tasks(case) == []


def test_one_stamped_list_goes_to_every_case_of_its_own(sqlite_store: Store) -> None:
    stage = season_until("yining/quality_award", "clean", sqlite_store, "recommend", "甲")
    moves = iter(stage.scenario.moves)
    next(move for move in moves if (move.value, move.case) == ("recommend", "甲") and "refused" not in move.keys)
    for move in moves:
        if move.case == "甲":
            continue
        if move.value == "recommend":
            break
        stage.pass_time(move)
        DOERS[move.verb](stage, move, stage.cast.actor(move.who or "office"))
        stage.drain()
    with stage.desk.store.read() as tx:
        tasks = [
            t for name in ("甲", "乙") for t in tx.tasks.open_of_case(stage.case(name)) if t.element == "recommend"
        ]
    unit = browser_of(stage, "recommender@industry")
    (link,) = re.findall(r'href="(/tasks/bulk/rest[^"]+)">“[^”]+”全部一起办理', unit.get("/tasks?scope=body").text)
    assert hidden(unit.get(html.unescape(link)).text, "task") == [str(task.id) for task in tasks]
    answer = {"examiner": "王审核", "recommended": "yes", "opinion": "同意推荐。", "signed_by": "局长"}
    scan = (io.BytesIO(PDF), "盖章名单.pdf")
    unit.post("/tasks/bulk/complete", {**answer, "task": [str(task.id) for task in tasks], "signed": scan})
    with stage.desk.store.read() as tx:
        files = [tx.forms.of_case(task.case_id, "recommendation")[-1].data["signed"][0]["id"] for task in tasks]
        rows = [tx.uploads.get(ident) for ident in files]
    assert [row.case_id for row in rows] == [task.case_id for task in tasks]
    assert rows[0].sha256 == rows[1].sha256
