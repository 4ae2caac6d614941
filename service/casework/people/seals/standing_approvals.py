"""What the row of an approved draft says stands under a keyed seal: no version begins by what others wrote there.

The seal of the files (`studio/approvals.py`) is asked when a draft is published; this one needs the row alone, and is asked on
the day on which a version begins and by every look at the seals.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from service.casework.desk.desk import Desk
from service.casework.people.rights.first_people import HOME, PUBLISHER
from service.domain.proof.row_mark import RowMark, matter_of
from service.store import RowSeals, Transaction
from service.store.rows import PackageDraftRow
from service.store.seals.row_seals import mark_of

STANDING = "standing"
"""Name under which such rows are sealed, and the detail that holds the seal."""
_SEAL = "seal"
_BOUND = ("submitted", "reviewed", "version", "revision", "from", PUBLISHER)
_APPROVED = "approved"


def with_standing(seals: RowSeals | None, row: PackageDraftRow, details: Mapping[str, Any]) -> dict[str, Any]:
    """Return the ``details`` that an approved draft is about to have, with their seal."""
    said = {name: value for name, value in details.items() if name != STANDING}
    if seals is None:
        return said
    return {**said, STANDING: {HOME: said.get(HOME), _SEAL: seals.made(STANDING, _words(row, said, said.get(HOME)))}}


def stands(seals: RowSeals | None, row: PackageDraftRow) -> bool:
    """Return whether the row of an approved draft is as the program left it; one of a program before is, until seals are asked for.

    The place it was begun from may be gone from it: another draft of the place was published meanwhile.
    """
    return seals is None or not seals.asks_for(STANDING) or not _lacks(seals, row)


def seal_standing(desk: Desk) -> list[int]:
    """Seal the approved drafts of a program before, or of an old backup; returns those that had no seal.

    A day on which a version is to begin stays: nobody has to review again what was approved before the upgrade.
    """
    seals = desk.store.seals
    if seals is None:
        return []
    with desk.store.write() as tx:
        found = [row for row in tx.package_drafts.alive() if row.state == _APPROVED and _lacks(seals, row)]
        for row in found:
            tx.package_drafts.change(row.id, {"details": with_standing(seals, row, row.details or {})})
    return [row.id for row in found]


def take_back_standing(tx: Transaction, row: PackageDraftRow) -> None:
    """Let the approval of a draft be worth nothing any more, written back or not."""
    kept = (row.details or {}).get(STANDING)
    if isinstance(kept, Mapping) and kept.get(_SEAL):
        tx.withdrawn.append(mark_of(str(kept[_SEAL])))


def written_approvals(desk: Desk) -> Iterator[RowMark]:
    """Yield, in words, the drafts that count as approved by what others wrote into their rows."""
    with desk.store.read() as tx:
        found = [row for row in tx.package_drafts.alive() if row.state == _APPROVED]
    for row in found:
        if not stands(desk.store.seals, row):
            kept = (row.details or {}).get(STANDING)
            yield RowMark(
                f"草稿 {row.id}（表 package_draft 第{row.id}行，{row.package}）的“通过评审”不是由本系统写入的，不会据此发布或者生效",
                f"the approval of draft {row.id} (row {row.id} of table package_draft, {row.package}) was not written by this"
                " program: nothing is published and nothing begins by it",
                table="package_draft",
                row=f"{row.id}",
                matter=matter_of(str(kept.get(_SEAL, "")) if isinstance(kept, Mapping) else ""),
            )


def _lacks(seals: RowSeals, row: PackageDraftRow) -> bool:
    details = dict(row.details or {})
    kept = details.get(STANDING)
    if not isinstance(kept, Mapping) or details.get(HOME) not in (None, kept.get(HOME)):
        return True
    return not seals.is_sealed(STANDING, _words(row, details, kept.get(HOME)), str(kept.get(_SEAL, "")))


def _words(row: PackageDraftRow, said: Mapping[str, Any], home: object) -> list[object]:
    held = {name: said[name] for name in _BOUND if said.get(name) is not None}
    return [row.id, row.package, row.base, home, json.dumps(held, sort_keys=True, ensure_ascii=False)]
