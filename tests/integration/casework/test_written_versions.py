"""A published version whose files somebody wrote beside the program is not carried out, and is named."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from service.casework.access.actor import SYSTEM
from service.casework.cases.start import start_case
from service.casework.desk.altered_version import VersionAltered
from service.casework.desk.packages import pack_files, unpack_files
from service.casework.digests.before import record_before
from service.casework.soundness.daily import _begun, _look
from service.casework.soundness.versions import altered_versions
from service.store import NewWork
from tests.integration.casework.test_state_seals import executed, faults, go_on, stored
from tests.support.desks import PACKAGE, Bench


@pytest.fixture
def case(bench: Bench) -> int:
    """A case that has gone one step, in an installation that records what decides."""
    record_before(bench.desk, SYSTEM)
    return start_case(bench.desk, bench.applicant, PACKAGE, "application", None, {"ready": True})


def rewritten(bench: Bench, change: Callable[[bytes], bytes], ending: str) -> bytes:
    """Change a file of the published version as who has the database alone does; returns what stood there."""
    ((content,),) = executed(bench.desk, "select content from definition")
    files = unpack_files(bytes(content))
    path = next(path for path in files if path.endswith(ending))
    assert change(files[path]) != files[path]
    executed(bench.desk, "update definition set content = :new", new=pack_files({**files, path: change(files[path])}))
    return bytes(content)


def restarted(bench: Bench) -> None:
    bench.desk.packages._known.clear()


def test_nothing_runs_by_files_that_were_rewritten_under_a_published_name(bench: Bench, case: int) -> None:
    state = stored(bench.desk, case)
    content = rewritten(bench, lambda text: text.replace(b'value="office"', b'value="applicant"'), "application.bpmn")
    restarted(bench)
    with pytest.raises(VersionAltered, match="在系统之外被改动"):
        go_on(bench, case)
    with pytest.raises(VersionAltered):
        start_case(bench.desk, bench.applicant, PACKAGE, "application", None, {"ready": True})
    assert stored(bench.desk, case) == state
    executed(bench.desk, "update definition set content = :rubbish", rubbish=b"rubbish")
    with pytest.raises(VersionAltered):
        go_on(bench, case)
    executed(bench.desk, "update definition set content = :old", old=content)
    go_on(bench, case)
    assert stored(bench.desk, case) != state, "with its own files the version goes on"


def test_work_of_such_a_version_becomes_an_incident_at_once(bench: Bench, case: int) -> None:
    rewritten(bench, lambda text: text.replace(b'value="office"', b'value="applicant"'), "application.bpmn")
    restarted(bench)
    now = bench.clock.now()
    with bench.desk.store.write() as tx:
        tx.work.enqueue_many([NewWork("barrier", case, "barrier:looked at", {"because": case}, now)], now)
    bench.drain()
    with bench.desk.store.read() as tx:
        (found,) = tx.incidents.list_open()
    assert (found.kind, "changed beside the program" in found.what["en"]) == ("work_item_dead", True)


def test_a_number_of_the_law_that_was_rewritten_is_named_while_the_program_still_has_its_own(
    bench: Bench, case: int
) -> None:
    assert list(altered_versions(bench.desk)) == []
    rewritten(bench, lambda text: text + b"\n# changed\n", "award.yaml")
    (words,) = altered_versions(bench.desk)
    assert "column content does not hold the files that were published" in words.en
    assert words.en in " ".join(faults(bench.desk)), "laurel audit verify and doctor --deep"
    progress = {**_begun("2026-03-02"), "part": "versions"}
    while progress["part"] == "versions":
        _look(bench.desk, progress)
    assert progress["wrong"] == [words.as_json()], "and the comparison of the day"
