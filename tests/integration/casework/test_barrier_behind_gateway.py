"""A condition behind an event-based gateway lets the case go on by itself, as one that stands alone does."""

from __future__ import annotations

from service.casework.definitions.publish import publish
from service.catalog import build_catalog
from service.catalog.tree import read_tree
from service.store import NewWork
from tests.integration.interventions.test_interventions import done, reviewed
from tests.support.desks import DATA, PACKAGE, Bench

CATCH = '<bpmn:intermediateCatchEvent id="again" name="更正">'
BARRIER = (
    "<bpmn:extensionElements><spiffworkflow:properties>"
    """<spiffworkflow:property name="barrier" value='case.note = "重来"' />"""
    "</spiffworkflow:properties></bpmn:extensionElements>"
)
BACK = 'sourceRef="again" targetRef="post"'


def test_the_condition_opens_the_way_behind_the_gateway(bench: Bench) -> None:
    path = "processes/testville/prize/application.bpmn"
    files = dict(read_tree(DATA))
    text = files[path].decode()
    assert CATCH in text
    assert BACK in text
    text = text.replace(CATCH, CATCH + BARRIER).replace(BACK, BACK.replace("post", "close"))
    files[path] = text.encode()
    with bench.desk.store.write() as tx:
        publish(tx, build_catalog(files).package(PACKAGE), bench.clock.now(), "test")
    case = reviewed(bench)
    done(bench, case, bench.office, {"decision": "pass"})
    with bench.desk.store.read() as tx:
        [wait] = [row for row in tx.cases.subscriptions(case) if row.message == "notice_corrected"]
        assert (wait.element, wait.barrier) == ("wait", 'case.note = "重来"')
    with bench.desk.store.write() as tx:
        row = tx.cases.get(case)
        tx.cases.save(row, facts={**row.facts, "note": "重来"})
        tx.work.enqueue_many([NewWork("barrier", case, "look", {}, bench.clock.now())], bench.clock.now())
    bench.drain()
    with bench.desk.store.read() as tx:
        assert [notice.state for notice in tx.notices.of_case(case)] == ["closed"], "before its last day"
