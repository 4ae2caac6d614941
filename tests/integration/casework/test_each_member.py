"""A task that everybody who holds a role does alone."""

from __future__ import annotations

from datetime import timedelta

from service.casework.simulate import play, read_scenario
from service.catalog import Package
from service.sdk import operations
from service.store import Store
from tests.support.lakeside import DIAGRAM, amended_package, make_lakeside, new_person
from tests.support.passing import CALENDARS
from tests.support.records import hold_seat

EXAMINED = 'id="eligibility.examine"'
LISTED = 'id="people.list"'
TABLE = """<spiffworkflow:parameter id="table" type="string" value='"eligibility"' />"""
WHO = """<spiffworkflow:parameter id="role" type="string" value='"poster"' />
            <spiffworkflow:parameter id="where" type="string" value='"person.name != \\"late\\""' />"""
ROLE = '<spiffworkflow:property name="role" value="office" />'
EACH = ROLE + '<spiffworkflow:property name="assignee" value="member" />'
TASK = "\n    </bpmn:userTask>"
LOOP = """
    <bpmn:multiInstanceLoopCharacteristics>
      <bpmn:loopDataInputRef>exam.people</bpmn:loopDataInputRef>
      <bpmn:inputDataItem id="member" name="member" />
    </bpmn:multiInstanceLoopCharacteristics>"""


SEASON = """
title: 四名成员，两名先办
start: 2026-03-02
organisations: {甲: {name: 湖滨木作坊}}
steps:
  - {members: {role: office, count: 3}}
  - {as: 甲, start: application, name: 甲, with: {founded: 2020-05-01, merit: 榫卯技艺传承。}}
  - {case: 甲, each: decide, times: 2, with: [{decision: accept}, {decision: refuse, reason: 材料不实。}]}
expect:
  - {case: 甲, task: decide, state: done, times: 2}
  - {case: 甲, waiting: decide, times: 2}          # with the office the cast has of itself
"""


def decided_by_each() -> Package:
    """Return the small award, its decision taken by every member of the office alone."""
    each = [
        (EXAMINED, LISTED),
        (TABLE, WHO),
        ('exam.result != "not_met"', "exam.count > 0"),
        (ROLE, EACH),
        (TASK, LOOP + TASK),
    ]
    return amended_package({DIAGRAM: each})


def test_given_some_of_them_when_a_scenario_lets_only_so_many_act_then_they_take_their_forms_in_turn(
    sqlite_store: Store,
) -> None:
    package = decided_by_each()

    played = play(sqlite_store, package, read_scenario(SEASON.encode(), "season.yaml"), CALENDARS, operations())

    assert [u.message.zh for u in played.unmet] == []
    with sqlite_store.read() as tx:
        said = [row.data["decision"] for row in tx.forms.of_case(played.cases["甲"]) if row.form == "decide"]
    assert said == ["accept", "refuse"]


def test_given_a_role_when_its_holders_are_listed_then_each_of_them_has_a_task_and_nobody_who_left_or_is_left_out(
    sqlite_store: Store,
) -> None:
    town = make_lakeside(sqlite_store)
    town.deploy(
        amended_package(
            {
                DIAGRAM: [
                    (EXAMINED, LISTED),
                    (TABLE, WHO),
                    ('exam.result != "not_met"', "exam.count = 2"),
                    ("{conditions: exam.result}", "{conditions: string(exam.count)}"),
                    (ROLE, EACH),
                    (TASK, LOOP + TASK),
                ]
            }
        )
    )
    names = {}
    with sqlite_store.write() as tx:
        office = tx.bodies.find(jurisdiction="lakeside", key="office")
        assert office is not None
        for name, until in (("second", None), ("gone", town.clock.now() - timedelta(days=1)), ("late", None)):
            person = names[name] = new_person(town.desk, tx, name)
            hold_seat(tx, person, office.id, "lakeside", "office", town.clock.now() - timedelta(days=9), until=until)

    tasks = town.tasks(town.start())

    assert {task.assignee_id for task in tasks} == {town.people["office"], names["second"]}
