"""A law amended in the middle of a round: who keeps the old version, who moves, and what changes for them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from service.casework.access.actor import Actor, Seat
from service.casework.amendments.move_case import apply_amendment, move_case
from service.casework.amendments.move_plan import MovePlan
from service.casework.interventions.intervene import InterventionAsked
from service.casework.interventions.kinds import INTERVENTIONS
from service.casework.queries.law.view_moves import preview_amendment
from service.casework.queries.proof.book import verify_case
from service.catalog import Package
from service.domain.errors import Conflict, Invalid, NotAllowed
from service.store import Store
from tests.support.half_seasons import publish_unchecked, season
from tests.support.lakeside import DIAGRAM, KEY, LAW, PARAMETERS, Lakeside, amended_package, make_lakeside

NOTICE = "processes/shared/notice.bpmn"
LONGER = [
    (
        "maximum: 10\n    value: 10",
        "maximum: 15\n    value: 15",
    ),
    ("      - {from: 2026-01-01, value: 5}", "      - {from: 2026-01-01, value: 8}"),
    ("value: 7}", "value: 9}"),
]
REACHES = "amendment: {applies_to_running: true, clauses: [LS-8]}\nclauses:"
LAST = (
    "  - {id: LS-7,",
    "  - {id: LS-8, article: 第八条, kind: validity, summary: 修订适用于进行中的申报。}\n  - {id: LS-7,",
)
TEXT = ("办公室10个工作日内", "办公室15个工作日内")
REASON = "县政府〔2026〕5号施行通知"


def amendment(reaching: bool = True, **changes: list[tuple[str, str]]) -> Package:
    """Return the miniature with longer limits; ``reaching`` running cases by its article 8."""
    law = [("clauses:", REACHES), LAST] if reaching else []
    return amended_package({PARAMETERS: LONGER, LAW: [TEXT, *law], **changes})


def plans(town: Lakeside) -> dict[int, MovePlan]:
    return {line.plan.case.id: line.plan for line in preview_amendment(town.desk, town.admin, KEY).lines}


def decide(town: Lakeside, case: int) -> None:
    town.complete(case, town.office, {"decision": "accept"})


def told(town: Lakeside, case: int) -> list[Any]:
    with town.desk.store.read() as tx:
        return [e for e in tx.history.newest(case) if e.action == "moved"]


def notices(town: Lakeside, case: int) -> list[str]:
    with town.desk.store.read() as tx:
        return [n.last_day.isoformat() for n in tx.notices.select(case_id=case)]


@pytest.fixture
def both(store: Store) -> Lakeside:
    """The miniature with people, once on each database."""
    return make_lakeside(store)


def test_a_season_amended_in_its_middle(both: Lakeside) -> None:
    """One application is decided under the old text, one is under way, one comes after; article 8 reaches the second."""
    posted, waiting = both.start("posted"), both.start("waiting")
    decide(both, posted)
    before = both.case(waiting)
    new = both.deploy(amendment())
    later = both.start("later")
    assert both.case(waiting) == before, "publishing alone changes no running case"
    listed = plans(both)
    assert set(listed) == {posted, waiting}
    assert [(v.parameter, v.old.zh, v.new.zh) for v in listed[waiting].values] == [
        ("decision_working_days", "10个工作日", "15个工作日"),
        ("notice_working_days", "5个工作日", "8个工作日"),
    ]
    (date,) = listed[waiting].dates
    assert (date.old.isoformat(), date.new.isoformat(), date.passed) == ("2026-03-16", "2026-03-23", False)
    assert listed[posted].dates == (), "a notice that is posted keeps its window"
    assert both.case(waiting) == before, "looking changes nothing"

    results = apply_amendment(both.desk, both.admin, KEY, [posted, waiting], new.version, REASON)
    assert [r.refusal for r in results] == [None, None]
    (task,) = both.tasks(waiting)
    assert task.due_reason["last_day"] == "2026-03-23"
    assert both.case(waiting).definition == both.case(posted).definition == both.case(later).definition
    (event,) = told(both, waiting)
    assert (event.actor, event.data["reason"], event.data["clauses"]) == ("admin", REASON, ["LS-8"])
    assert event.data["parameters"] == {"decision_working_days": [10, 15], "notice_working_days": [5, 8]}
    assert "依第八条" in event.text

    decide(both, waiting)
    both.advance(datetime(2026, 4, 1, tzinfo=UTC))
    assert (notices(both, posted), notices(both, waiting)) == (["2026-03-09"], ["2026-03-12"])
    assert {both.case(c).outcome for c in (posted, waiting)} == {"accepted"}
    assert [verify_case(both.desk, both.admin, c) for c in (posted, waiting)] == [None, None]


def test_without_a_word_about_running_cases_they_keep_their_version(both: Lakeside) -> None:
    case = both.start()
    new = both.deploy(amendment(reaching=False))
    plan = plans(both)[case]
    assert not plan.moves
    assert "没有规定适用于进行中的办件" in plan.reasons[0].zh
    with pytest.raises(Conflict):
        move_case(both.desk, both.admin, case, new.version, REASON)
    assert both.case(case).definition != new.version


def test_what_a_case_has_passed_must_be_as_it_was(both: Lakeside) -> None:
    fresh = both.start("fresh")
    gone = ('<bpmn:userTask id="decide" name="决定是否受理">', '<bpmn:userTask id="settle" name="决定是否受理">')
    rest = [('targetRef="decide"', 'targetRef="settle"'), ('sourceRef="decide"', 'sourceRef="settle"'),
            ('bpmnElement="decide"', 'bpmnElement="settle"'), (">decide</bpmn:flowNodeRef>", ">settle</bpmn:flowNodeRef>")]  # fmt: skip
    new = both.deploy(amendment(**{DIAGRAM: [gone, *rest]}))
    before = both.case(fresh)
    (result,) = apply_amendment(both.desk, both.admin, KEY, [fresh], new.version, REASON)
    assert result.refusal is not None
    assert "“条件是否具备”，新版本改动了它" in result.refusal.zh
    assert both.case(fresh) == before
    assert told(both, fresh) == []


def test_a_corrected_drawing_may_be_applied_without_an_amendment(town: Lakeside) -> None:
    case = town.start()
    new = town.deploy(amended_package({DIAGRAM: [('name="决定是否受理"', 'name="作出受理决定"')]}))
    plan = plans(town)[case]
    assert (plan.moves, plan.values, plan.dates) == (True, (), ())
    move_case(town.desk, town.admin, case, new.version, "更正图上的名称")
    assert town.tasks(case)[0].title == "作出受理决定"
    decide(town, case)
    assert notices(town, case) == ["2026-03-09"]


def test_a_timer_that_counts_by_the_amended_value_moves_and_keeps_its_first_day(town: Lakeside) -> None:
    counting = {NOTICE: [("posted.ends_at", "workdays(param.notice_working_days)")]}
    town.deploy(amended_package(counting))
    case = town.start()
    decide(town, case)
    town.clock.move_to(town.clock.now() + timedelta(days=2))
    new = town.deploy(amendment(**counting))
    (date,) = plans(town)[case].dates
    assert (date.old.isoformat(), date.new.isoformat()) == ("2026-03-09", "2026-03-12")
    move_case(town.desk, town.admin, case, new.version, REASON)
    town.advance(datetime(2026, 3, 12, 15, tzinfo=UTC))
    assert town.case(case).status == "running"
    town.advance(datetime(2026, 3, 12, 17, tzinfo=UTC))
    assert town.case(case).status == "ended"


def test_a_limit_that_was_moved_by_hand_stays_where_it_was_put(town: Lakeside) -> None:
    case = town.start()
    (task,) = town.tasks(case)
    given = {"limit": f"task:{task.id}", "day": "2026-04-10", "ground": "第八条"}
    INTERVENTIONS["change_due"].run(town.desk, town.admin, case, InterventionAsked("延长核查"), given)
    town.deploy(amendment())
    assert plans(town)[case].dates == ()


def test_it_takes_an_administrator_a_reason_and_the_version_looked_at(town: Lakeside) -> None:
    case = town.start()
    new = town.deploy(amendment())
    with pytest.raises(NotAllowed):
        move_case(town.desk, town.office, case, new.version, REASON)
    with pytest.raises(Invalid):
        apply_amendment(town.desk, town.admin, KEY, [case], new.version, " ")
    (result,) = apply_amendment(town.desk, town.admin, KEY, [case], "0" * 64, REASON)
    assert result.refusal is not None
    assert "又发布了新版本" in result.refusal.zh
    assert told(town, case) == []


def test_what_is_below_a_round_follows_it(sqlite_store: Store) -> None:
    """A season of Urumqi, amended while its applications are being audited."""
    stage = season("urumqi/quality_award", "withdrawn", sqlite_store, cases=2)
    files = dict(stage.package.files)
    files["processes/urumqi/law.yaml"] += b"amendment: {applies_to_running: true, clauses: [WQ-20-1]}\n"
    new = Package.from_files(files)
    publish_unchecked(stage, new)
    admin = Actor(None, "管理员", (Seat("urumqi", "administrator", 1, "office", "办公室", "office"),))
    lines = preview_amendment(stage.desk, admin, new.key).lines
    above = lines[0].plan.case.id
    below = [line.plan.case.id for line in lines if line.plan.case.parent_id == above]
    assert below
    assert all(line.plan.moves for line in lines)
    titles = {line.plan.case.id: line.plan.case.title for line in lines}
    assert {line.first for line in lines if line.plan.case.id in below} == {titles[above]}, "told before it is refused"
    assert lines[0].first == ""
    alone = apply_amendment(stage.desk, admin, new.key, below, new.version, REASON)
    assert all(result.refusal and "保留原版本" in result.refusal.zh for result in alone)
    assert [result.title for result in alone] == [titles[case] for case in sorted(below)]
    together = apply_amendment(stage.desk, admin, new.key, [*below, above], new.version, REASON)
    assert [result.refusal for result in together] == [None] * len(together)
