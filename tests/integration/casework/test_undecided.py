"""A condition over the records that is neither true nor false: an incident with its formula and value, never a silent no."""

from __future__ import annotations

import pytest

from service.casework.cases.act_on_case import act_on_case
from service.casework.cases.start import start_case
from service.casework.definitions.publish import publish
from service.casework.due.retry_incident import Retried, retry_incident
from service.casework.queries.cases.view_case import view_case
from service.casework.step.undecided import Undecided
from service.catalog import build_catalog
from service.catalog.tree import read_tree
from service.domain.errors import Conflict
from service.store import NewWork
from service.store.rows import IncidentRow
from tests.integration.interventions.test_interventions import done, reviewed
from tests.support.desks import DATA, PACKAGE, Bench

FOLDER = f"processes/{PACKAGE}"
CATCH = '<bpmn:intermediateCatchEvent id="again" name="更正">'
CONDITION = "condition: 'case.decided != true'"


def publish_changed(bench: Bench, file: str, *pairs: tuple[str, str]) -> None:
    files = dict(read_tree(DATA))
    text = files[f"{FOLDER}/{file}"].decode()
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    files[f"{FOLDER}/{file}"] = text.encode()
    with bench.desk.store.write() as tx:
        publish(tx, build_catalog(files).package(PACKAGE), bench.clock.now(), "test")


def publish_barrier(bench: Bench, barrier: str, unknown: str = "") -> None:
    properties = f"<spiffworkflow:property name=\"barrier\" value='{barrier}' />{unknown}"
    wrapped = f"<bpmn:extensionElements><spiffworkflow:properties>{properties}</spiffworkflow:properties></bpmn:extensionElements>"
    back = 'sourceRef="again" targetRef="post"'
    publish_changed(bench, "application.bpmn", (CATCH, CATCH + wrapped), (back, back.replace("post", "close")))


def set_note(bench: Bench, case: int, note: str | None) -> None:
    with bench.desk.store.write() as tx:
        row = tx.cases.get(case)
        tx.cases.save(row, facts={**row.facts, "note": note})
        tx.work.enqueue_many([NewWork("barrier", case, f"look{note}", {}, bench.clock.now())], bench.clock.now())
    bench.drain()


def incidents(bench: Bench, case: int) -> list[IncidentRow]:
    with bench.desk.store.read() as tx:
        return [row for row in tx.incidents.of_case(case) if row.resolved_at is None]


def closed(bench: Bench, case: int) -> bool:
    with bench.desk.store.read() as tx:
        return [notice.state for notice in tx.notices.of_case(case)] == ["closed"]


@pytest.mark.parametrize(
    ("barrier", "words"),
    [
        ("case.note", "“case.note”没有值"),
        ("count([1, 2])", "得到“2”"),
        ('"yes"', "得到“yes”"),
        ('case.note > "a"', "没有值"),
    ],
)
def test_a_barrier_that_is_no_truth_value_is_an_incident(bench: Bench, barrier: str, words: str) -> None:
    publish_barrier(bench, barrier)
    case = reviewed(bench)
    done(bench, case, bench.office, {"decision": "pass"})
    [incident] = incidents(bench, case)
    assert (incident.kind, incident.element, closed(bench, case)) == ("undecided", "wait", False)
    assert barrier in incident.what["zh"]
    assert words in incident.what["zh"]


def test_once_the_value_is_there_the_barrier_opens_and_a_retry_settles_the_incident(bench: Bench) -> None:
    publish_barrier(bench, 'case.note > "a"')
    case = reviewed(bench)
    done(bench, case, bench.office, {"decision": "pass"})
    [incident] = incidents(bench, case)
    assert retry_incident(bench.desk, bench.admin, incident.id) is Retried.FAILED
    set_note(bench, case, "b")
    assert closed(bench, case)
    assert incidents(bench, case) == []


def test_a_barrier_may_be_unknown_where_its_event_says_so(bench: Bench) -> None:
    publish_barrier(bench, 'case.note > "a"', '<spiffworkflow:property name="unknown" value="default" />')
    case = reviewed(bench)
    done(bench, case, bench.office, {"decision": "pass"})
    assert (incidents(bench, case), closed(bench, case)) == ([], False)


def test_an_action_whose_condition_is_unknown_is_offered_and_refused_with_an_incident(bench: Bench) -> None:
    publish_changed(bench, "award.yaml", (CONDITION, "condition: 'case.note > \"a\"'"))
    case = reviewed(bench)
    assert [action.id for action in view_case(bench.desk, bench.applicant, case).actions] == ["withdraw"]
    with pytest.raises(Undecided, match=r"case\.note"):
        act_on_case(bench.desk, bench.applicant, case, "withdraw", {"reason": "不报了"})
    [incident] = incidents(bench, case)
    assert (incident.kind, incident.element) == ("undecided", "withdraw")


def test_an_action_whose_condition_is_false_is_refused_without_an_incident(bench: Bench) -> None:
    publish_changed(bench, "award.yaml", (CONDITION, "condition: '(case.note > \"a\") = true'"))
    case = reviewed(bench)
    with pytest.raises(Conflict):
        act_on_case(bench.desk, bench.applicant, case, "withdraw", {"reason": "不报了"})
    assert incidents(bench, case) == []


def test_a_start_condition_that_is_unknown_is_an_incident_of_the_case_above(bench: Bench) -> None:
    below = (
        "  appeal:\n    process: testville_application\n    name: 申诉\n    name_en: Appeal\n    parent: application\n"
        "    started_by: [office]\n    start_condition: 'application.note > \"a\"'\n    facts: {decided: boolean}\n"
    )
    publish_changed(bench, "award.yaml", ("actions:\n", f"{below}actions:\n"))
    case = reviewed(bench)
    with pytest.raises(Undecided, match=r"application\.note"):
        start_case(bench.desk, bench.office, PACKAGE, "appeal", case, {})
    [incident] = incidents(bench, case)
    assert (incident.kind, incident.element) == ("undecided", "appeal")
