"""A last useful day that hangs on a fact is counted again in the step that changes the fact."""

from __future__ import annotations

from service.casework.access.actor import SYSTEM
from service.casework.definitions.publish import publish
from service.casework.soundness.prove import prove
from service.casework.step.save import save_step
from service.casework.step.step import open_step
from service.store import Store
from tests.support.lakeside import DIAGRAM, KEY, Lakeside, amended_package, make_lakeside

FILING = """<bpmn:userTask id="file" name="归档"><bpmn:extensionElements><spiffworkflow:properties>
<spiffworkflow:property name="role" value="office" /><spiffworkflow:property name="form" value="decide" />
<spiffworkflow:property name="due" value="date(case.file_by)" /></spiffworkflow:properties></bpmn:extensionElements>
</bpmn:userTask><bpmn:sequenceFlow id="filed" sourceRef="file" targetRef="done" />
<bpmn:endEvent id="done" name="受理">"""
REDRAWN = [
    ('<bpmn:endEvent id="done" name="受理">', FILING),
    ('sourceRef="accepted" targetRef="draft"', 'sourceRef="accepted" targetRef="file"'),
    ('sourceRef="accepted" targetRef="refusing"', 'sourceRef="accepted" targetRef="refused"'),
]
"""What follows the decision is filed by a day on record of the case, and no operation lies between."""


def town_that_files(store: Store) -> Lakeside:
    town = make_lakeside(store)
    award = [("facts: {stage: string}", "facts: {stage: string, file_by: date}")]
    with store.write() as tx:
        package = amended_package({DIAGRAM: REDRAWN, f"processes/{KEY}/award.yaml": award})
        publish(tx, package, town.clock.now(), "test")
    return town


def record(town: Lakeside, case: int, **facts: object) -> None:
    """Record facts of a case in a step by itself, as a branch beside the open task does."""
    with town.desk.store.write() as tx:
        step = open_step(town.desk, tx, case, SYSTEM)
        step.set_facts(facts)
        save_step(step)


def shown(town: Lakeside, case: int) -> str:
    (task,) = town.tasks(case)
    return str((task.due_reason or {})["last_day"])


def test_the_day_the_reminder_and_whoever_holds_the_task_follow_the_fact(sqlite_store: Store) -> None:
    town = town_that_files(sqlite_store)
    case = town.start()
    assert shown(town, case) == "2026-03-16"  # its own day: when it is to be filed is not known yet
    for day in ("2026-03-10", "2026-03-12"):
        record(town, case, file_by=day)
        assert shown(town, case) == day
        assert [fault for proof in prove(town.desk, SYSTEM) for fault in proof.faults] == []
        with town.desk.store.read() as tx:
            waiting = [w for w in tx.work.of_case(case, ("waiting",)) if w.kind == "escalation"]
            told = [
                m.text
                for m in tx.mail.of_case(case)
                if ":moved:" in m.effect_key and m.person_id == town.office.person_id
            ]
        assert [w.payload["last_day"] for w in waiting] == [day]
        assert "改为2026年3月" in told[-1]
    (task,) = town.tasks(case)
    record(town, case, stage="other")
    assert town.tasks(case)[0].version == task.version, "what hangs on no fact that changed stays as it was"
