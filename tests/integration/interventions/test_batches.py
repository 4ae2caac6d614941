"""Interventions over a selection: a kill in between leaves each case changed and noted, or neither."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from service.casework.access.actor import SYSTEM
from service.casework.batches import run_chunk
from service.casework.due.run_item import run_item
from service.casework.interventions.batch import Selection, do_tried, start_batch, view_batch
from service.casework.tasks.claim import claim_task
from service.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from service.store import LEASE, Stale
from tests.integration.interventions.test_interventions import WHY, do, done, reviewed, started
from tests.support.browsers import Browser
from tests.support.desks import Bench

Point = Callable[[str], Any]


class Killed(BaseException):
    """The process ends here."""


def killing(point: str, at: int) -> Point:
    """Return what ends the process when ``point`` is passed for the ``at``-th time."""
    left = [at]

    def passed(name: str) -> None:
        if name == point:
            left[0] -= 1
            if left[0] == 0:
                raise Killed

    return passed


def noted(bench: Bench, batch: int) -> dict[int, str]:
    return {r.case_id: r.state for r in view_batch(bench.desk, bench.admin, batch).results}


@pytest.mark.parametrize("point", ["projected", "case-saved"])
def test_a_kill_loses_nothing_and_does_nothing_twice(both: Bench, point: str) -> None:
    cases = [reviewed(both) for _ in range(3)]
    batch = start_batch(both.desk, both.admin, Selection("suspend", cases, WHY, {}, dry=False))
    both.desk.store.crash_point = killing(point, 2)  # type: ignore[method-assign]
    with pytest.raises(Killed):
        both.drain()
    states = {case: both.case(case).status for case in cases}
    assert {case: "done" if status == "suspended" else "waiting" for case, status in states.items()} == noted(
        both, batch
    )
    assert sorted(states.values()) == ["running", "running", "suspended"]
    both.desk.store.crash_point = lambda _name: None  # type: ignore[method-assign]
    assert both.desk.store.reset_running() == 1
    both.drain()
    assert set(noted(both, batch).values()) == {"done"}
    for case in cases:
        with both.desk.store.read() as tx:
            assert [e.action for e in tx.history.of_case(case)].count("intervened") == 1
            assert tx.history.verify(case) is None


@pytest.mark.parametrize("dry", [False, True])
def test_who_stood_still_beyond_the_lease_changes_and_notes_nothing(both: Bench, dry: bool) -> None:
    """Another has claimed the chunk meanwhile: only that one changes cases, and what is noted stays as it is."""
    cases = [reviewed(both) for _ in range(2)]
    batch = start_batch(both.desk, both.admin, Selection("suspend", cases, WHY, {}, dry=dry))
    first = both.desk.store.claim(both.clock.now(), "first")
    second = both.desk.store.claim(both.clock.now() + 2 * LEASE, "second")
    assert first is not None
    assert second is not None
    assert first.id == second.id
    with pytest.raises(Stale):
        run_item(both.desk, SYSTEM, first)
    assert noted(both, batch) == dict.fromkeys(cases, "waiting")
    assert {both.case(case).status for case in cases} == {"running"}
    run_item(both.desk, SYSTEM, second)
    with pytest.raises(Stale), both.desk.store.write() as tx:
        tx.interventions.note(batch, cases[0], "refused", {}, both.clock.now() + timedelta(1))
    assert noted(both, batch) == dict.fromkeys(cases, "done")
    for case in cases:
        with both.desk.store.read() as tx:
            assert [e.action for e in tx.history.of_case(case)].count("intervened") == (0 if dry else 1)


def test_who_stood_still_beyond_the_lease_refuses_nothing(bench: Bench) -> None:
    case = reviewed(bench)
    batch = start_batch(bench.desk, bench.admin, Selection("resume", [case], WHY, {}, dry=False))
    first = bench.desk.store.claim(bench.clock.now(), "first")
    assert first is not None
    assert bench.desk.store.claim(bench.clock.now() + 2 * LEASE, "second") is not None
    with pytest.raises(Stale):
        run_item(bench.desk, SYSTEM, first)
    assert noted(bench, batch) == {case: "waiting"}


def test_a_batch_is_refused_as_a_whole_where_it_cannot_be(bench: Bench) -> None:
    case = reviewed(bench)
    for wrong, error in (
        (Selection("move_back", [case], WHY, {}), Invalid),
        (Selection("suspend", [], WHY, {}), Invalid),
        (Selection("suspend", [case], "", {}), Invalid),
        (Selection("suspend", [case, 999], WHY, {}), NotFound),
        (Selection("vote", [case], WHY, {}), NotFound),
    ):
        with pytest.raises(error):
            start_batch(bench.desk, bench.admin, wrong)
    with pytest.raises(NotAllowed):
        start_batch(bench.desk, bench.office, Selection("suspend", [case], WHY, {}))
    batch = start_batch(bench.desk, bench.admin, Selection("suspend", [case], WHY, {}))
    with pytest.raises(Conflict, match="还没有结束"):
        do_tried(bench.desk, bench.admin, batch)


def test_what_was_tried_is_done_once(bench: Bench) -> None:
    case = reviewed(bench)
    tried = start_batch(bench.desk, bench.admin, Selection("suspend", [case], WHY, {}))
    bench.drain()
    real = do_tried(bench.desk, bench.admin, tried)
    with pytest.raises(Conflict, match="已经办理过"):
        do_tried(bench.desk, bench.admin, tried)
    view = view_batch(bench.desk, bench.admin, tried)
    assert view.row.tried_id == real
    [line, *_] = view.results[0].changes
    assert (line.zh.rpartition("：")[2], line.en.rpartition(": ")[2]) == ("在办 → 已暂停", "running → suspended")


def test_a_case_that_changed_since_it_was_tried_is_left_as_it_is(bench: Bench) -> None:
    cases = [reviewed(bench) for _ in range(2)]
    tried = start_batch(bench.desk, bench.admin, Selection("suspend", cases, WHY, {}))
    bench.drain()
    done(bench, cases[0], bench.office, {"decision": "pass"})
    real = do_tried(bench.desk, bench.admin, tried)
    bench.drain()
    results = {r.case_id: r for r in view_batch(bench.desk, bench.admin, real).results}
    assert [results[case].state for case in cases] == ["refused", "done"]
    assert results[cases[0]].why is not None
    assert "重新试算" in results[cases[0]].why.zh
    assert [bench.case(case).status for case in cases] == ["running", "suspended"]


def test_who_lost_the_right_meanwhile_changes_nothing(bench: Bench) -> None:
    case = reviewed(bench)
    batch = start_batch(bench.desk, bench.admin, Selection("suspend", [case], WHY, {}, dry=False))
    with bench.desk.store.write() as tx:
        [held] = tx.people.memberships(bench.people["admin"], bench.clock.now())
        tx.people.end_membership(held.id, bench.clock.now())
    bench.drain()
    [result] = view_batch(bench.desk, bench.admin, batch).results
    assert (result.state, bench.case(case).status) == ("refused", "running")
    assert result.why is not None
    assert "现在不是本辖区管理员" in result.why.zh


def test_everything_over_many_cases_is_on_one_page_and_can_be_stopped(
    bench: Bench, browse: Callable[..., Browser], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_chunk, "CHUNK", 2)
    cases, admin = [reviewed(bench) for _ in range(3)], browse("admin")
    batch = start_batch(bench.desk, bench.admin, Selection("suspend", cases, WHY, {}, dry=False))
    item = bench.desk.store.claim(bench.clock.now(), "test")
    assert item is not None
    run_item(bench.desk, SYSTEM, item)
    [line] = admin.get("/api/v1/batches").json["batches"]
    assert [line[name] for name in ("kind", "id", "state", "total", "done")] == ["intervention", batch, "running", 3, 2]
    assert "共 3 件，已办 2 件" in admin.get("/monitor/batches").text
    assert admin.post(f"/monitor/interventions/{batch}/stop").status_code == 302
    assert "1 件没有办理" in admin.get(f"/monitor/interventions/{batch}").text
    bench.drain()
    assert [bench.case(case).status for case in cases] == ["suspended", "suspended", "running"]
    assert noted(bench, batch) == {cases[0]: "done", cases[1]: "done", cases[2]: "refused"}
    again = admin.send("POST", f"/api/v1/interventions/{batch}/stop", {})
    assert again.status_code == 409
    assert browse("office").get("/monitor/batches").status_code == 403


def test_the_second_of_two_clicks_leads_to_what_the_first_began(bench: Bench, browse: Callable[..., Browser]) -> None:
    tried = start_batch(bench.desk, bench.admin, Selection("suspend", [reviewed(bench)], WHY, {}))
    bench.drain()
    admin, here = browse("admin"), "/monitor/interventions"
    first, second = (admin.post(f"{here}/{tried}/do") for _ in range(2))
    assert first.location == second.location != f"{here}/{tried}"
    assert "没有再办一次" in admin.get(second.location).text


def test_an_item_is_done_once_however_often_it_is_handed_out(bench: Bench) -> None:
    case = reviewed(bench)
    start_batch(bench.desk, bench.admin, Selection("suspend", [case], WHY, {}, dry=False))
    item = bench.desk.store.claim(bench.clock.now(), "test")
    assert item is not None
    run_item(bench.desk, SYSTEM, item)
    with pytest.raises(Conflict):
        run_item(bench.desk, SYSTEM, item)
    with bench.desk.store.read() as tx:
        assert [e.action for e in tx.history.of_case(case)].count("intervened") == 1


def test_all_that_fit_are_chosen_by_what_they_have_in_common_but_those_left_out(
    bench: Bench, browse: Callable[..., Browser]
) -> None:
    """Narrowed by place, award, kind, state and step; all pages of them, counted before, who is left out by name."""
    cases = [reviewed(bench) for _ in range(3)]
    waiting, stopped = started(bench), reviewed(bench)
    do(bench, "suspend", stopped)
    admin = browse("admin")
    tabs = re.findall(
        r'href="(/monitor/interventions\?[^"]*kind=resume[^"]*)"', admin.get("/monitor/interventions").text
    )
    resumed = admin.get(tabs[0].replace("&amp;", "&")).text
    assert re.findall(r'name="case" value="(\d+)"', resumed) == [str(stopped)], "only what is suspended goes on"
    narrow = "jurisdiction=testville&award=testville/prize&process=application&status=running&at=testville_application/review"
    page = admin.get(f"/monitor/interventions?kind=suspend&{narrow}&all=1").text
    assert "符合条件的共 3 件" in page
    assert '<option value="testville/prize" selected>' in page, "the same award of another place is another choice"
    assert sorted(map(int, re.findall(r'name="except" value="(\d+)"', page))) == cases
    form = {**dict(each.split("=") for each in narrow.split("&")), "kind": "suspend", "reason": WHY, "all": "1"}
    refused = admin.post("/monitor/interventions", {**form, "reason": "", "except": str(cases[0])})
    assert (refused.status_code, f'value="{cases[0]}" aria-label="甲公司" checked' in refused.text) == (422, True)
    begun = admin.post("/monitor/interventions", {**form, "except": str(cases[0])})
    bench.drain()
    shown = re.sub(r"<[^>]+>", " ", admin.get(begun.location).text)
    assert "2 件可以办理，0 件不能" in shown
    assert "符合条件而除外的 1 件" in shown
    admin.post(f"{begun.location}/do")
    bench.drain()
    assert [bench.case(case).status for case in (*cases, waiting)] == ["running", "suspended", "suspended", "running"]
    body = {"kind": "suspend", "reason": WHY, "matching": {"status": "running"}, "excluded": [waiting]}
    told = admin.send("POST", "/api/v1/interventions", {**body, "dry_run": True})
    assert told.json["counts"] == {"waiting": 1}
    none = admin.send("POST", "/api/v1/interventions", {**body, "matching": {"jurisdiction": "elsewhere"}})
    assert none.status_code == 422


def test_who_leaves_out_cases_reads_no_title_of_another(bench: Bench) -> None:
    cases, other = [reviewed(bench) for _ in range(2)], reviewed(bench)
    chosen = Selection("suspend", cases, WHY, {}, excluded=[cases[0], other])
    batch = start_batch(bench.desk, bench.admin, chosen)
    view = view_batch(bench.desk, bench.admin, batch)
    assert (view.row.excluded, len(view.excluded), noted(bench, batch)) == ([cases[0]], 1, {cases[1]: "waiting"})
    bench.drain()
    real = view_batch(bench.desk, bench.admin, do_tried(bench.desk, bench.admin, batch))
    assert (real.row.excluded, len(real.excluded)) == ([cases[0]], 1), "what is done tells the same"


def test_what_a_kind_is_given_says_nothing_of_the_batch_itself(bench: Bench, browse: Callable[..., Browser]) -> None:
    case, admin = reviewed(bench), browse("admin")
    body = {"kind": "suspend", "reason": WHY, "cases": [case], "values": {"excluded": "abc", "public": ""}}
    tried = admin.send("POST", "/api/v1/interventions", body).json["id"]
    bench.drain()
    begun = admin.send("POST", "/api/v1/interventions", {**body, "dry_run": False, "tried": tried})
    bench.drain()
    told = admin.send("GET", f"/api/v1/interventions/{begun.json['id']}", None)
    assert (told.status_code, told.json["counts"]) == (200, {"done": 1})
    with bench.desk.store.read() as tx:
        [event] = [e for e in tx.history.of_case(case) if e.action == "intervened"]
    assert event.data["public"] is False, "the reason stays internal unless that is asked for"


def test_what_is_done_is_asked_for_as_it_was_tried_but_for_the_words_of_the_reason(
    bench: Bench, browse: Callable[..., Browser]
) -> None:
    cases, other, admin, here = (
        [reviewed(bench) for _ in range(3)],
        reviewed(bench),
        browse("admin"),
        "/api/v1/interventions",
    )
    body = {"kind": "suspend", "reason": WHY, "cases": cases, "excluded": [cases[2]], "public": True}
    tried = admin.send("POST", here, body).json["id"]
    bench.drain()
    again = {**body, "dry_run": False, "tried": tried}
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"cases": [*cases, other]}, "cases"),
        ({"cases": cases[:1]}, "cases"),
        ({"cases": []}, "cases"),
        ({"excluded": cases[1:]}, "cases"),
        ({"excluded": []}, "cases"),
        ({"cases": None, "matching": {"status": "running"}}, "cases"),
        ({"public": False}, "public"),
        ({"kind": "resume"}, "kind"),
        ({"values": {"until": "2026-05-01"}}, "values"),
    ]
    for otherwise, named in wrong:
        refused = admin.send("POST", here, {**again, **otherwise})
        assert (refused.status_code, named in refused.text) == (422, True), (otherwise, refused.text)
    both_given = admin.send("POST", here, {**body, "matching": {"status": "running"}})
    assert both_given.status_code == 422, "which of the two is meant?"
    assert {bench.case(case).status for case in (*cases, other)} == {"running"}
    narrow = {"cases": None, "matching": {"status": "running"}, "excluded": [cases[2], other]}
    begun = admin.send("POST", here, {**again, **narrow, "reason": "换一种说法"})
    assert begun.status_code == 200, begun.text
    bench.drain()
    assert admin.send("POST", here, {**again, **narrow}).json["code"] == "already_done", "other cases fit by now"
    assert noted(bench, begun.json["id"]) == dict.fromkeys(cases[:2], "done")
    with bench.desk.store.read() as tx:
        [event] = [e for e in tx.history.of_case(cases[0]) if e.action == "intervened"]
    assert (event.data["reason"], event.data["public"]) == ("换一种说法", True)


def test_all_tasks_of_who_leaves_go_to_a_colleague_or_back(bench: Bench) -> None:
    """Named is whose tasks, and who gets those of each body; a case without any says so, as one for which nobody is named."""
    cases = [reviewed(bench), reviewed(bench), started(bench)]
    for case in cases[:2]:
        [task] = bench.tasks(case)
        claim_task(bench.desk, bench.office, task.id)
    [task] = bench.tasks(cases[0])
    who = {"task": f"holder:{bench.people['office']}"}
    to = {f"person-{task.body_id or 0}": str(bench.people["second"])}

    def batch(kind: str, given: dict[str, str], chosen: list[int], *, dry: bool = False) -> dict[int, str]:
        number = start_batch(bench.desk, bench.admin, Selection(kind, chosen, WHY, given, dry=dry))
        bench.drain()
        return {r.case_id: r.why.zh if r.why else r.state for r in view_batch(bench.desk, bench.admin, number).results}

    assert set(batch("reassign", {**who, **to}, cases[:2], dry=True).values()) == {"done"}
    assert [bench.tasks(case)[0].assignee_id for case in cases[:2]] == [bench.people["office"]] * 2
    assert "没有写明" in batch("reassign", who, cases[:1])[cases[0]]
    wrong = {**who, "person": str(bench.people["applicant"])}
    assert "没有办理“审核”的角色" in batch("reassign", wrong, cases[:1])[cases[0]]
    found = batch("reassign", {**who, **to}, cases)
    assert [found[case] for case in cases[:2]] == ["done", "done"]
    assert "没有认领的待办" in found[cases[2]]
    assert [bench.tasks(case)[0].assignee_id for case in cases[:2]] == [bench.people["second"]] * 2
    assert set(batch("take_away", {"task": f"holder:{bench.people['second']}"}, cases[:2]).values()) == {"done"}
    assert [bench.tasks(case)[0].assignee_id for case in cases[:2]] == [None, None]


def test_a_task_for_which_nobody_is_named_or_nobody_who_may_holds_back_no_other(bench: Bench) -> None:
    """Each stays and says why; where none remains the case is refused."""
    case = reviewed(bench)
    [task] = bench.tasks(case)
    claim_task(bench.desk, bench.office, task.id)
    [task] = bench.tasks(case)
    with bench.desk.store.write() as tx:
        for title, other in (
            ("别处", {"body_id": bench.applicant.seats[0].body_id}),
            ("另一角色", {"role": "administrator"}),
        ):
            tx.tasks.insert_many([replace(task, id=0, engine_id=f"{task.engine_id}-{title}", title=title, **other)])
    given = {"task": f"holder:{bench.people['office']}", f"person-{task.body_id or 0}": str(bench.people["second"])}
    effect = do(bench, "reassign", case, dry=True, **given)
    stay = {change.name: change.after.zh for change in effect.changes if change.after and "没有改动" in change.after.zh}
    assert set(stay) == {"另一角色", "别处"}
    assert "没有写明“别处”" in stay["别处"]
    assert "没有办理“另一角色”的角色" in stay["另一角色"]
    batch = start_batch(bench.desk, bench.admin, Selection("reassign", [case], WHY, given, dry=False))
    bench.drain()
    assert noted(bench, batch) == {case: "done"}
    with bench.desk.store.read() as tx:
        now = {row.title: row.assignee_id for row in tx.tasks.open_of_case(case)}
    assert now == {
        task.title: bench.people["second"],
        "别处": bench.people["office"],
        "另一角色": bench.people["office"],
    }
    with pytest.raises(Invalid, match="没有"):
        do(bench, "reassign", case, **given)


def test_the_page_names_whose_tasks_and_who_gets_them(bench: Bench, browse: Callable[..., Browser]) -> None:
    cases = [reviewed(bench), reviewed(bench)]
    [task] = bench.tasks(cases[0])
    claim_task(bench.desk, bench.office, task.id)
    admin, office = browse("admin"), bench.people["office"]
    assert "只能在办件中逐件办理" in admin.get("/monitor/interventions").text, "why not all kinds are here"
    assert f"kind=reassign&amp;holder={office}" in admin.get("/monitor/interventions?kind=reassign").text
    page = admin.get(f"/monitor/interventions?kind=reassign&holder={office}").text
    assert re.findall(r'name="case" value="(\d+)"', page) == [str(cases[0])]
    [name] = re.findall(r'<select id="(person-\d+)"', page)
    form = {"kind": "reassign", "holder": str(office), "all": "1", "reason": WHY, name: str(bench.people["second"])}
    begun = admin.post("/monitor/interventions", form)
    assert begun.status_code == 302, begun.text
    bench.drain()
    admin.post(f"{begun.location}/do")
    bench.drain()
    assert bench.tasks(cases[0])[0].assignee_id == bench.people["second"]
    body = {
        "kind": "take_away", "reason": WHY, "values": {"task": f"holder:{bench.people['second']}"},
        "matching": {"holder": bench.people["second"]},
    }  # fmt: skip
    tried = admin.send("POST", "/api/v1/interventions", body).json
    assert tried["total"] == 1
    assert [one["count"] for one in admin.get("/api/v1/interventions/holders").json["holders"]] == [1]
    held = admin.get(f"/api/v1/interventions/holders/{bench.people['second']}").json["bodies"]
    assert [(f"person-{one['body']}", one["count"]) for one in held] == [(name, 1)]
    assert office in {person["id"] for person in held[0]["receivers"]}


def test_a_program_stops_a_batch_and_is_told_what_was_left(bench: Bench, browse: Callable[..., Browser]) -> None:
    cases, admin = [reviewed(bench) for _ in range(2)], browse("admin")
    batch = start_batch(bench.desk, bench.admin, Selection("suspend", cases, WHY, {}, dry=False))
    told = admin.send("POST", f"/api/v1/interventions/{batch}/stop", {})
    assert (told.status_code, told.json["over"], told.json["counts"]) == (200, True, {"refused": 2})
    assert {line["case_id"] for line in told.json["results"]} == set(cases)
    bench.drain()
    assert [bench.case(case).status for case in cases] == ["running", "running"]
