"""A step that a missing or wrong value stopped goes on once that is set."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from service.casework.queries.monitoring.incident_desk import view_incident_desk
from service.sdk import Work
from service.sdk.operations import operations
from service.store import Store
from tests.integration.interventions.test_interventions import do, done, reviewed
from tests.support.desks import Bench, make_bench


def _needs_a_note(work: Work, parameters: Any) -> Mapping[str, Any] | None:
    if not str(work.scope()["case"].get("note") or "").startswith("市监公告"):
        raise ValueError("the notice has no number of its own")
    return operations()["test.post"].call(work, parameters)


@pytest.fixture
def bench(sqlite_store: Store) -> Bench:
    """The small award, whose notices are posted under a number that stands in a value of the case."""
    return make_bench(sqlite_store, {"test.post": replace(operations()["test.post"], call=_needs_a_note)})


def test_the_step_goes_on_once_its_value_is_right(bench: Bench) -> None:
    case = reviewed(bench)
    done(bench, case, bench.office, {"decision": "pass"})
    for value, count in (("无", 1), ("市监公告〔2026〕3号", 2)):
        [group] = view_incident_desk(bench.desk, bench.admin)
        assert group.lines[0].correctable
        assert group.lines[0].count == count, "each wrong value is tried in vain"
        do(bench, "value", case, name="note", value=value)
    assert view_incident_desk(bench.desk, bench.admin) == ()
    with bench.desk.store.read() as tx:
        [notice] = tx.notices.select(case_id=case)
        story = [event.action for event in tx.history.newest(case)]
    assert (notice.state, story.count("value")) == ("running", 2)
