"""An account of another place is asked before an office has it on its register and draws it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from functools import cache

import pytest

from service.casework.access.actor import Actor
from service.casework.interventions.intervene import InterventionAsked
from service.casework.interventions.kinds import INTERVENTIONS
from service.casework.queries.own_place.inbox import list_messages
from service.casework.queries.people.experts import list_experts, view_expert
from service.casework.review.register_of_experts import (
    NewExpert,
    add_expert,
    answer_invitation,
    list_invitations,
    set_expert_status,
)
from service.casework.review.ties_on_record import note_interest
from service.casework.simulate.playing.play import play_move
from service.casework.simulate.scenarios.scenario import Move, read_scenario
from service.casework.simulate.stage.stage import PlayState, open_stage
from service.casework.spreadsheets.experts import export_experts, import_experts
from service.casework.step.submission import FormInvalid
from service.casework.tasks.complete import complete_task
from service.catalog import Package
from service.catalog.calendars.calendars import bundled_calendars, load_calendars
from service.catalog.closure import collect_award_files
from service.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from service.domain.spreadsheets.import_report import LineOutcome
from service.office.tables import read_rows
from service.office.workbooks import write_xlsx
from service.sdk import operations
from service.store import CaseFilter, Store
from service.store.models import ExpertRow, PersonRow
from tests.integration.spreadsheets.test_experts import HEAD, education, line
from tests.support.browsers import browser_of
from tests.support.records import hold_seat, keep_away
from tests.support.review import ROOT, STAGE, ReviewBench
from tests.support.tree import project_tree

HERE = "riverton"


def stranger(bench: ReviewBench, jurisdiction: str, login: str = "far.away") -> Actor:
    """Somebody who served elsewhere, and does no more."""
    now = bench.desk.clock.now()
    with bench.desk.store.write() as tx:
        body = tx.bodies.upsert(jurisdiction, f"office-{login}", kind="department", name="外地机构")
        person = tx.people.insert(PersonRow(login=login, name="外地人", email="far@example.cn", created_at=now))
        hold_seat(tx, person, body, jurisdiction, "office", now - timedelta(days=9), until=now)
    bench.people[login] = person
    return Actor(person, "外地人")


def entry(login: str = "far.away") -> NewExpert:
    return NewExpert(HERE, login, "外地人", "外地机构", "doctor", date(2010, 1, 1), ("食品",))


def on_register(bench: ReviewBench, ident: int) -> tuple[ExpertRow, list[str]]:
    with bench.desk.store.read() as tx:
        row = tx.experts.get(ident)
        return row, [m.role for m in tx.memberships.list_valid(row.person_id, bench.desk.clock.now())]


def test_nobody_of_another_place_is_drawn_without_their_consent(here: ReviewBench) -> None:
    office, person = here.actor("office"), stranger(here, "elsewhere")
    listed = [HEAD, line("far.away", "外地人", education=education(here))]
    assert "等待本人同意" in import_experts(here.desk, office, HERE, listed).lines[0].reason.zh  # and not “new”
    ident = add_expert(here.desk, office, entry())
    row, roles = on_register(here, ident)
    assert (row.status, roles) == ("invited", [])
    for status in ("active", "suspended"):  # the office cannot agree for them
        with pytest.raises(Conflict, match="还没有同意"):
            set_expert_status(here.desk, office, ident, row.version, status, "补登")
    with pytest.raises(Conflict, match="已在专家库"):
        add_expert(here.desk, office, entry())
    (told,), _ = list_messages(here.desk, person)
    assert "邀请您加入评审专家库" in told.subject
    with pytest.raises(NotFound):
        answer_invitation(here.desk, office, ident, accept=True)
    (asked,) = list_invitations(here.desk, person)
    assert (asked.expert_id, asked.employer) == (ident, "外地机构")
    answer_invitation(here.desk, person, ident, accept=True)
    assert on_register(here, ident)[0].status == "active"
    assert len(on_register(here, ident)[1]) == 1
    with pytest.raises(Conflict, match="已经答复"):
        answer_invitation(here.desk, person, ident, accept=False)


def test_what_other_places_know_of_an_expert_is_theirs(here: ReviewBench) -> None:
    """Their recusals and organisations are neither shown nor offered, and nothing of whoever was only invited."""
    office, person = here.actor("office"), stranger(here, "elsewhere")
    ident, now = add_expert(here.desk, office, entry()), here.desk.clock.now()
    with here.desk.store.write() as tx:
        theirs, ours = (
            tx.bodies.upsert("*", key, kind="organisation", name=name, registered_in=place)
            for key, name, place in (("91A", "外地企业", "elsewhere"), ("91B", "本地企业", HERE))
        )
        [case, *_] = tx.cases.search(CaseFilter([HERE]))
        for place, body in (("elsewhere", theirs), (HERE, ours)):
            keep_away(tx, place, person.person_id or 0, body, case.id, "亲属", now)
    assert view_expert(here.desk, office, ident).recusals == ()
    answer_invitation(here.desk, person, ident, accept=True)
    view = view_expert(here.desk, office, ident)
    assert [name for _, name in view.recusals] == ["本地企业"]
    offered = [name for _, name in view.bodies]
    assert ("本地企业" in offered, "外地企业" in offered) == (True, False)
    note_interest(here.desk, office, ident, ours, "kinship", "配偶任职", None)
    with pytest.raises(Invalid, match="从列表中选择"):
        note_interest(here.desk, office, ident, theirs, "kinship", "猜编号", None)
    assert [name for _, name, *_ in view_expert(here.desk, office, ident).interests] == ["本地企业"]


def test_the_list_that_is_taken_out_changes_nothing_when_it_is_taken_in(here: ReviewBench) -> None:
    """Invited people and whoever looks at their own entry too; a list with masked names says of nobody who it is."""
    office, desk = here.actor("office"), here.desk
    stranger(here, "elsewhere")
    ident = add_expert(
        desk, office, replace(entry(), email="far@example.cn", training="培训", trained_on=date(2025, 6, 1))
    )
    with desk.store.write() as tx:
        seat, now = office.seats[0], desk.clock.now()
        watcher = tx.people.insert(PersonRow(login="watcher", name="旁人", created_at=now))
        hold_seat(tx, watcher, seat.body_id, HERE, "system_administrator", now)
        before = tx.experts.select("id", jurisdiction=HERE)
    themselves = Actor(before[0].person_id, "专家兼办公室", office.seats)
    table = read_rows("专家.xlsx", write_xlsx(*export_experts(desk, office, HERE)))
    [invited] = [row for row in table if row[0] == "外地人"]
    assert (invited[1], invited[9]) == ("far.away", "f***@example.cn")
    for keeper in (office, themselves):
        report = import_experts(desk, keeper, HERE, table, commit=True)
        assert {one.outcome for one in report.lines} == {LineOutcome.KNOWN}
    masked = read_rows("专家.xlsx", write_xlsx(*export_experts(desk, here.member(watcher), HERE)))
    as_new = [masked[0], [*invited[:1], "far.off", *invited[2:]]]
    for commit in (False, True):
        for listed in (masked, as_new):
            lines = import_experts(desk, office, HERE, listed, commit=commit).lines
            assert {one.outcome for one in lines} == {LineOutcome.REFUSED}
            assert [one.reason.zh for one in lines if "遮盖" not in one.reason.zh] == []
    with desk.store.read() as tx:
        assert tx.experts.select("id", jurisdiction=HERE) == before
    assert (len(table), ident) == (len(before) + 1, before[-1].id)


def test_no_administrator_alone_makes_or_drops_an_expert_and_nobody_enters_themselves(here: ReviewBench) -> None:
    office, desk, now = here.actor("office"), here.desk, here.desk.clock.now()
    seat, word = office.seats[0], education(here)
    with desk.store.write() as tx:
        for login, role in (("puppet", None), ("system", "system_administrator")):
            ident = tx.people.insert(PersonRow(login=login, name="外地人", created_at=now))
            here.people[login] = ident
            if role is not None:
                hold_seat(tx, ident, seat.body_id, HERE, role, now)
        own = tx.people.get(office.person_id or 0)
        expert = tx.experts.get(1)
    system = here.member(here.people["system"])
    for act in (
        lambda: add_expert(desk, system, entry("new.one")),
        lambda: set_expert_status(desk, system, 1, expert.version, "disqualified", "理由"),
        lambda: import_experts(desk, system, HERE, [HEAD]),
    ):
        with pytest.raises(NotAllowed, match="办公室人员"):
            act()
    mine = replace(entry(own.login), name=own.name)
    for new, sentence in ((mine, "本人"), (entry("puppet"), "首个角色"), (entry("system"), "现任管理员")):
        with pytest.raises(NotAllowed, match=sentence):
            add_expert(desk, office, new)
        (report,) = import_experts(desk, office, HERE, [HEAD, line(new.login, new.name, education=word)]).lines
        assert sentence in report.reason.zh
    themselves = Actor(expert.person_id, "专家兼办公室", office.seats)
    with pytest.raises(NotAllowed, match="本人"):
        set_expert_status(desk, themselves, 1, expert.version, "active", "恢复")


def test_who_became_an_administrator_meanwhile_cannot_agree(here: ReviewBench) -> None:
    office, person = here.actor("office"), stranger(here, "elsewhere")
    ident = add_expert(here.desk, office, entry())
    with here.desk.store.write() as tx:
        hold_seat(
            tx,
            person.person_id or 0,
            office.seats[0].body_id,
            "elsewhere",
            "security_administrator",
            here.desk.clock.now(),
        )
    with pytest.raises(NotAllowed, match="现任管理员"):
        answer_invitation(here.desk, person, ident, accept=True)
    assert on_register(here, ident)[0].status == "invited"


# Whoever is struck off is meant by a record of the register: two people may bear one name.

SEASON = ROOT / "processes" / "qingyuan" / "quality_award" / "scenarios" / "struck_reviewer.yaml"


"""Strikes 专家一 of 单位一 off while a panel is at work."""


@cache
def city() -> Package:
    return Package.from_files(collect_award_files(project_tree(), "qingyuan", "quality_award"), operations())


@pytest.fixture
def decided(sqlite_store: Store) -> tuple[PlayState, Move]:
    """The season where the office is about to strike 专家一 off, and its next move."""
    scenario = read_scenario(SEASON.read_bytes(), SEASON.name)
    stage = open_stage(sqlite_store, city(), scenario, load_calendars(bundled_calendars()), operations())
    for move in scenario.moves:
        if move.value == "strike_person" and "refused" not in move.keys:
            return stage, move
        assert play_move(stage, move) == []
    raise AssertionError("the season strikes nobody off")


@pytest.fixture
def undecided(sqlite_store: Store) -> tuple[PlayState, list[Move]]:
    """The season where the office is about to decide on 专家一, and its moves up to striking 专家一 off."""
    scenario = read_scenario(SEASON.read_bytes(), SEASON.name)
    stage = open_stage(sqlite_store, city(), scenario, load_calendars(bundled_calendars()), operations())
    first = next(at for at, move in enumerate(scenario.moves) if move.value == "decide_person")
    for move in scenario.moves[:first]:
        assert play_move(stage, move) == []
    coming = [move for move in scenario.moves[first:] if "refused" not in move.keys]
    return stage, coming[: next(at for at, move in enumerate(coming) if move.value == "strike_person") + 1]


def namesake(stage: PlayState) -> None:
    """Put another 专家一 on the register."""
    day = date(2015, 1, 1)
    new = NewExpert(
        "qingyuan", "namesake", "专家一", "单位三", "master", day, ("食品",), training="培训", trained_on=day
    )
    add_expert(stage.desk, stage.cast.actor("office"), new)


def standing(stage: PlayState) -> dict[str, str]:
    """Return the employers of those who bear the name, with how each stands on the register."""
    with stage.desk.store.read() as tx:
        rows = tx.experts.select(jurisdiction="qingyuan")
        names = tx.people.named([row.person_id for row in rows])
    return {row.employer: row.status for row in rows if names[row.person_id] == "专家一"}


def test_of_two_namesakes_nobody_is_struck_off_unchosen(undecided: tuple[PlayState, list[Move]]) -> None:
    stage, (*before, move) = undecided
    namesake(stage)
    for earlier in before:
        assert play_move(stage, earlier) == []
    with pytest.raises(FormInvalid) as refused:
        play_move(stage, move)
    assert "请选择专家库中的人员" in refused.value.errors[0].text.zh
    assert standing(stage) == {"单位一": "active", "单位三": "active"}


def test_the_one_who_was_chosen_is_struck_off_and_the_other_stays(decided: tuple[PlayState, Move]) -> None:
    stage, _ = decided
    namesake(stage)
    with stage.desk.store.read() as tx:
        meant = next(row for row in tx.experts.select(jurisdiction="qingyuan") if row.employer == "单位三")
    (task,) = stage.open_tasks("除")
    form = {"expert": str(meant.person_id), "struck": True, "scores": "none"}
    complete_task(stage.desk, stage.cast.actor("office"), task.id, task.version, form)
    stage.drain()
    assert standing(stage) == {"单位一": "active", "单位三": "disqualified"}


def test_the_office_strikes_nobody_off_beside_the_procedure_of_the_regulation(decided: tuple[PlayState, Move]) -> None:
    stage, _ = decided
    with stage.desk.store.read() as tx:
        row = next(iter(tx.experts.select(jurisdiction="qingyuan")))
    office = stage.cast.actor("office")
    with pytest.raises(Invalid, match="由有权的机构决定"):
        set_expert_status(stage.desk, office, row.id, row.version, "disqualified", "违规")
    page = browser_of(stage, "office").get(f"/experts/{row.id}").text
    assert "由有权的机构决定" in page
    assert 'value="suspended"' in page
    assert 'value="disqualified"' not in page
    set_expert_status(stage.desk, office, row.id, row.version, "suspended", "出国")


def test_who_is_not_on_the_register_strikes_nobody_off(decided: tuple[PlayState, Move]) -> None:
    stage, _ = decided
    (task,) = stage.open_tasks("除")
    form = {"expert": None, "not_listed": True, "struck": True, "scores": "none"}
    complete_task(stage.desk, stage.cast.actor("office"), task.id, task.version, form)
    stage.drain()
    assert standing(stage) == {"单位一": "active"}


# Who is busy on a panel: somebody sits there for as long as an application runs that it reviews.


def busy(bench: ReviewBench) -> tuple[dict[int, int], dict[int, int], set[int]]:
    """Return who is busy at the stage, who anywhere, and who by the register."""
    with bench.desk.store.read() as tx:
        here, anywhere = tx.panels.busy("riverton", STAGE), tx.panels.busy("riverton")
    lines = list_experts(bench.desk, bench.actor("office")).page.lines
    return here, anywhere, {line.row.person_id for line in lines if line.panels}


def test_nobody_is_busy_for_an_application_that_ended_in_mid_review(drawn: ReviewBench) -> None:
    seated = drawn.active()
    once = dict.fromkeys(seated, 1)
    assert busy(drawn) == (once, once, set(seated))
    office = drawn.actor("office")
    admin = Actor(office.person_id, "管理员", (replace(office.seats[0], role="administrator", jurisdiction="*"),))
    INTERVENTIONS["terminate"].run(drawn.desk, admin, drawn.case(), InterventionAsked("撤回申报"), {"basis": "第一条"})
    assert drawn.panel()[0].state == "open", "its stage has no result"
    assert busy(drawn) == ({}, {}, set())
