"""Every case that has not ended: it can be loaded, and what waits in it is what the tables show."""

from __future__ import annotations

from collections.abc import Iterator

from service.casework.desk.desk import Desk
from service.casework.reading.case_loading import crashed, load_twice, package_fault
from service.casework.soundness.fault import Underway, Unsound, in_case
from service.casework.soundness.moved_ends import moved_ends
from service.casework.soundness.waiting import differences
from service.domain.errors import LaurelError
from service.domain.text import Text
from service.store import StoredState, Transaction

_PAGE = 100
_CALL = Text("请与提供程序的人员联系，或恢复到出错以前", "ask who provides the program, or restore the state before")
_PackageFaults = dict[str, Text | None]


def running_cases(desk: Desk) -> Iterator[int | Underway | Unsound]:
    """Load each case, in pages; yields how many were looked at, and the faults between.

    Where something seems wrong the case is looked at once more while nobody may move it: it may have been moved
    between two questions.
    """
    faults: _PackageFaults = {}
    after = 0
    while True:
        with desk.store.read() as tx:
            page = tx.cases.stored_states(after, _PAGE)
            for version in {row.version for row in page} - faults.keys():
                faults[version] = package_fault(desk, tx, version)
            suspects = [row.id for row in page if _faults(desk, tx, row, faults)]
        for ident in suspects:
            yield from _held_still(desk, ident, faults)
        if not page:
            return
        yield len(page)
        after = page[-1].id


def _held_still(desk: Desk, case_id: int, faults: _PackageFaults) -> list[Underway | Unsound]:
    with desk.store.write() as tx:
        tx.cases.lock(case_id)
        rows = [row for row in tx.cases.stored_states(case_id - 1, 1) if row.id == case_id]
        return [fault for row in rows for fault in _faults(desk, tx, row, faults)]


def _faults(desk: Desk, tx: Transaction, row: StoredState, faults: _PackageFaults) -> list[Underway | Unsound]:
    if row.version not in faults:  # it was moved meanwhile
        faults[row.version] = package_fault(desk, tx, row.version)
    why = faults[row.version]
    if why is None:
        try:
            wrong = list(differences(tx, row.id, *load_twice(desk, tx, row)))
            found = [] if wrong else list(moved_ends(desk, tx, row.id))
            wrong += [one for one in found if isinstance(one, Text)]
            return [*in_case(row.id, row.title, wrong), *(one for one in found if isinstance(one, Underway))]
        except LaurelError as error:
            why = error.message
        except Exception as error:  # one broken case must not hide the others
            why = crashed("读不出", "it cannot be loaded", error)
    return list(in_case(row.id, row.title, [why], _CALL))
