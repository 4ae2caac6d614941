"""The call activities of a case that was moved, brought back or begun anew: the record says once where it stands, and since when."""

from __future__ import annotations

from collections.abc import Callable

from service.casework.access.actor import Actor, Seat
from service.casework.amendments.move_case import move_case
from service.casework.amendments.undo_move import undo_move
from service.casework.simulate.stage.stage import PlayState
from service.catalog import Package
from service.store import Store
from service.store.rows import CallRow
from tests.support.half_seasons import publish_unchecked, season_until
from tests.support.records import last_move_of
from tests.support.soundness import faults_of

ADMIN = Actor(None, "管理员", (Seat("urumqi", "administrator", 1, "office", "办公室", "office"),))
REASON = "市政府〔2026〕5号施行通知"
RENAMES = {
    "urumqi_audit_recommendation": {"audit": "anew_audit"},
    "urumqi_application": {"audit_recommendation": "anew_audit_recommendation"},
}


def audited(store: Store) -> tuple[PlayState, Package]:
    """Play until an application is being audited, then publish a version that calls the audit and its process otherwise."""
    stage = season_until("urumqi/quality_award", "withdrawn", store, "audit", "甲")
    files = dict(stage.package.files)
    for process, names in RENAMES.items():
        place = f"processes/urumqi/quality_award/{process.removeprefix('urumqi_')}.bpmn"
        drawn = files[place].decode()
        for old, new in names.items():
            drawn = drawn.replace(f'"{old}"', f'"{new}"').replace(f">{old}<", f">{new}<")
        files[place] = drawn.encode()
    new = Package.from_files(files)
    publish_unchecked(stage, new)
    return stage, new


def standing(store: Store, case: int) -> list[CallRow]:
    with store.read() as tx:
        return tx.calls.open_of_case(case)


def test_what_was_moved_stands_there_as_long_as_before_and_likewise_brought_back(
    sqlite_url: str, open_store: Callable[[str], Store]
) -> None:
    stage, new = audited(store := open_store(sqlite_url))
    case, before = stage.case("甲"), standing(store, stage.case("甲"))
    assert [row.element for row in before] == ["audit_recommendation"]
    for each in (stage.case("届"), case):
        move_case(stage.desk, ADMIN, each, new.version, REASON, RENAMES)
    assert [(row.element, row.since) for row in standing(store, case)] == [
        ("anew_audit_recommendation", before[0].since)
    ]
    assert faults_of(stage.desk) == []
    with store.read() as tx:
        move = last_move_of(tx, case)
    assert move is not None
    undo_move(stage.desk, ADMIN, move.id, REASON)
    assert standing(store, case) == before
    assert faults_of(stage.desk) == []
