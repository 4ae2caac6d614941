"""A draft of a form that somebody wrote into the database fills in nothing: it is shown apart, taken over knowingly or dropped."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from service.casework.access.actor import SYSTEM
from service.casework.cases.start import start_case
from service.casework.people.seals.renew_seals import renew_taken_back
from service.casework.people.seals.row_seals import seal_rows
from service.casework.queries.tasks.task_form import view_task_form
from service.casework.queries.tasks.view_task import view_task
from service.casework.soundness.digests import wrong_marks
from service.casework.tasks.complete import complete_task
from service.casework.tasks.save_draft import save_draft
from service.casework.tasks.settle_draft import settle_draft
from service.domain.errors import Conflict, NotAllowed
from service.store import Store
from service.store.repositories.cases.case_content import StoredContent
from service.store.rows.submissions import draft
from tests.support.browsers import Browser
from tests.support.desks import PACKAGE, Bench, make_bench

Browse = Callable[..., Browser]
MINE = {"decision": "fail", "reason": "现场核对了三处，第二处与申报不符"}
THEIRS = {"decision": "pass", "reason": "他人写入的理由，建议通过"}


@pytest.fixture
def bench(store: Store) -> Bench:
    """The small award on SQLite and on PostgreSQL."""
    return make_bench(store)


@pytest.fixture
def waiting(bench: Bench) -> int:
    """The office's review of an application with a draft of it; seals are asked for."""
    case_id = bench.submitted()
    (review,) = bench.tasks(case_id)
    save_draft(bench.desk, bench.office, review.id, MINE)
    seal_rows(bench.desk, SYSTEM)
    return review.id


def written(bench: Bench, **columns: Any) -> None:
    """Write the draft as somebody does who has the database alone."""
    with bench.desk.store.write() as tx:
        assert tx._connection.execute(sa.update(draft).values(columns)).rowcount == 1


def marks(bench: Bench) -> list[str]:
    return [one.zh for one in wrong_marks(bench.desk) if one.table == "draft"]


def entries(bench: Bench, task: int) -> list[str]:
    with bench.desk.store.read() as tx:
        case = tx.tasks.get(task).case_id
        return [one.text for one in tx.history.of_case(case) if one.action == "draft_settled"]


def test_a_draft_of_ones_own_is_filled_in(bench: Bench, waiting: int) -> None:
    shown = view_task_form(bench.desk, bench.office, waiting)
    assert (shown.values["reason"], shown.doubted) == (MINE["reason"], None)
    assert marks(bench) == []
    with pytest.raises(Conflict, match="没有不可信的草稿"):
        settle_draft(bench.desk, bench.office, waiting, take_over=False)


CHANGES: dict[str, Callable[[Bench], dict[str, Any]]] = {
    "other words": lambda _: {"data": THEIRS},
    "no seal": lambda _: {"data": THEIRS, "seal": ""},
    "another person": lambda bench: {"person_id": bench.people["second"]},
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_others_wrote_is_not_filled_in_but_shown_apart(
    bench: Bench, browse: Browse, waiting: int, change: str
) -> None:
    columns = CHANGES[change](bench)
    written(bench, **columns)
    whose = "second" if "person_id" in columns else "office"
    actor = bench.second if whose == "second" else bench.office
    said = columns.get("data", MINE)
    shown = view_task_form(bench.desk, actor, waiting)
    assert shown.values.get("reason") is None
    assert shown.draft_saved_at is None
    assert shown.doubted is not None
    assert shown.doubted.values == said
    assert marks(bench) == [f"表 draft 第{waiting}/{bench.people[whose]}行没有本系统的印记，不予采用"]
    page = browse(whose).get(f"/tasks/{waiting}").text
    assert "不可信的草稿" in page
    assert "在系统之外被人改动过" in page
    assert page.count(said["reason"]) == 1, "apart, and in no control"
    told = browse(whose).get(f"/api/v1/tasks/{waiting}").json
    assert told["values"].get("reason") is None
    assert told["doubted_draft"]["values"] == said
    others = browse("applicant").get(f"/tasks/{waiting}").text
    assert said["reason"] not in others


def test_it_is_taken_over_knowingly(bench: Bench, browse: Browse, waiting: int) -> None:
    written(bench, data=THEIRS)
    me, page = browse("office"), f"/tasks/{waiting}"
    done = me.post(f"{page}/doubted-draft", {"do": "take-over"}, page=page)
    assert done.status_code == 302
    shown = me.get(page).text
    assert "不可信的草稿" not in shown
    assert THEIRS["reason"] in shown
    assert marks(bench) == []
    assert entries(bench, waiting) == [f"office核对后采用“{title(bench, waiting)}”的不可信草稿（在系统之外被改动）"]
    with bench.desk.store.read() as tx:
        case = tx.tasks.get(waiting).case_id
    told = [browse(name).get(f"/cases/{case}").text for name in ("office", "applicant")]
    assert ["不可信草稿" in one for one in told] == [True, False], "what went wrong inside is for who oversees it"


def test_it_is_dropped_by_the_interface_for_programs(bench: Bench, browse: Browse, waiting: int) -> None:
    written(bench, data=THEIRS)
    me = browse("office")
    assert me.send("POST", f"/api/v1/tasks/{waiting}/doubted-draft", {"take_over": False}).status_code == 204
    assert view_task_form(bench.desk, bench.office, waiting).doubted is None
    assert ["丢弃" in one for one in entries(bench, waiting)] == [True]
    assert me.send("POST", f"/api/v1/tasks/{waiting}/doubted-draft", {"take_over": False}).status_code == 409


def test_nobody_settles_the_draft_of_another(bench: Bench, waiting: int) -> None:
    written(bench, data=THEIRS)
    with pytest.raises(Conflict, match="没有不可信的草稿"):
        settle_draft(bench.desk, bench.second, waiting, take_over=True)
    with pytest.raises(NotAllowed):
        settle_draft(bench.desk, bench.stranger, waiting, take_over=True)


def test_what_is_typed_anew_takes_its_place(bench: Bench, browse: Browse, waiting: int) -> None:
    written(bench, data=THEIRS)
    page = f"/tasks/{waiting}"
    assert browse("office").post(f"{page}/draft", {"reason": "重新填写"}, page=page).status_code == 200
    shown = view_task_form(bench.desk, bench.office, waiting)
    assert (shown.values["reason"], shown.doubted) == ("重新填写", None)


def test_what_somebody_wrote_is_not_told_as_typed_nor_as_unsent(bench: Bench, waiting: int) -> None:
    written(bench, data=THEIRS)
    assert view_task_form(bench.desk, bench.second, waiting).typing == ()
    complete_task(bench.desk, bench.second, waiting, None, {"decision": "pass"})
    assert view_task(bench.desk, bench.office, waiting).unsent is None


def test_drafts_of_a_program_before_are_sealed_once(bench: Bench) -> None:
    case_id = start_case(bench.desk, bench.applicant, PACKAGE, "application", None, {"ready": True})
    (task,) = bench.tasks(case_id)
    save_draft(bench.desk, bench.applicant, task.id, {"contact": "张三"})
    written(bench, seal="")
    assert view_task_form(bench.desk, bench.applicant, task.id).values["contact"] == "张三"
    seal_rows(bench.desk, SYSTEM)
    assert view_task_form(bench.desk, bench.applicant, task.id).values["contact"] == "张三"
    written(bench, seal="")
    assert view_task_form(bench.desk, bench.applicant, task.id).doubted is not None
    seal_rows(bench.desk, SYSTEM, again=True)
    assert view_task_form(bench.desk, bench.applicant, task.id).doubted is None


def test_the_program_itself_moves_and_erases_them_under_a_new_seal(bench: Bench, waiting: int) -> None:
    with bench.desk.store.write() as tx:
        key = {"task_id": waiting, "person_id": bench.people["office"]}
        tx.case_content.replace(StoredContent("draft", key, {"data": MINE}), {"data": {"reason": "已清除"}})
    shown = view_task_form(bench.desk, bench.office, waiting)
    assert (shown.values["reason"], shown.doubted) == ("已清除", None)
    with bench.desk.store.write() as tx:
        renew_taken_back(bench.desk, tx)
    assert marks(bench) == []
    written(bench, data=THEIRS)
    with bench.desk.store.write() as tx:
        renew_taken_back(bench.desk, tx)  # as after a restore
    assert len(marks(bench)) == 1, "what others wrote gets no seal by it"


def title(bench: Bench, task: int) -> str:
    with bench.desk.store.read() as tx:
        return tx.tasks.get(task).title
