"""A task that everybody who holds a role does alone."""

from __future__ import annotations

from datetime import timedelta

from service.store import Store
from tests.support.lakeside import DIAGRAM, amended_package, make_lakeside, new_person

EXAMINED = 'id="eligibility.examine"'
LISTED = 'id="people.list"'
TABLE = """<spiffworkflow:parameter id="table" type="string" value='"eligibility"' />"""
WHO = """<spiffworkflow:parameter id="role" type="string" value='"poster"' />
            <spiffworkflow:parameter id="where" type="string" value='"person.name != \\"late\\""' />"""
ROLE = '<spiffworkflow:property name="role" value="office" />'
EACH = ROLE + '<spiffworkflow:property name="assignee" value="member" />'
TASK = "<bpmn:outgoing>decided</bpmn:outgoing>"
LOOP = """
    <bpmn:multiInstanceLoopCharacteristics>
      <bpmn:loopDataInputRef>exam.people</bpmn:loopDataInputRef>
      <bpmn:inputDataItem id="member" name="member" />
    </bpmn:multiInstanceLoopCharacteristics>"""


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
                    ('exam.result = "met"', "exam.count = 2"),
                    (ROLE, EACH),
                    (TASK, TASK + LOOP),
                ]
            }
        )
    )
    names = {}
    with sqlite_store.write() as tx:
        office = tx.people.body_by_key("lakeside", "office")
        assert office is not None
        for name, until in (("second", None), ("gone", town.clock.now() - timedelta(days=1)), ("late", None)):
            person = names[name] = new_person(town.desk, tx, name)
            tx.people.add_membership(
                person_id=person,
                body_id=office.id,
                jurisdiction="lakeside",
                role="office",
                since=town.clock.now() - timedelta(days=9),
                until=until,
            )

    tasks = town.tasks(town.start())

    assert {task.assignee_id for task in tasks} == {town.people["office"], names["second"]}
