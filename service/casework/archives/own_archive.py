"""What is taken out of an archive is what was sealed: its manifest stands in the round's chain, and names every file."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from service.casework.access.altered_state import RowAltered
from service.casework.desk.desk import Desk
from service.casework.records.holding import sound_history
from service.domain.errors import NotFound
from service.domain.text import Text
from service.store import Transaction
from service.store.rows import ArchiveRow

ARCHIVED = "archived"
"""Action of the event that says which archive was sealed, with the SHA-256 of its manifest."""


def manifest_sums(manifest: Mapping[str, Any], sha256: str) -> bytes:
    """Return the file of sums over a manifest with this digest and every file that it names."""
    every = [{"path": "manifest.json", "sha256": sha256}, *manifest["files"]]
    return "".join(f"{file['sha256']}  {file['path']}\n" for file in every).encode()


def demand_own_archive(desk: Desk, tx: Transaction, row: ArchiveRow, files: Sequence[Mapping[str, Any]]) -> None:
    """Raise RowAltered unless a sealed archive has the files, and is about what, its manifest in the chain says.

    Else who writes the database would hand out any stored file in it, or let an archive with personal data pass for one without.
    Raises HistoryAltered where the chain does not hold.
    """
    events = sound_history(desk, tx, row.case_id)
    told = [e.data.get("manifest") for e in events if e.action == ARCHIVED and e.data.get("archive") == row.id]
    if not told or not _is_as_told(desk, row, files, str(told[-1])):
        words = Text(
            f"表 archive 第{row.id}行，或者表 archive_part 中 archive_id 为{row.id}的行，与封存时记入办理记录的清单不同",
            f"row {row.id} of table archive, or a row of table archive_part with archive_id {row.id}, is not what the manifest says"
            " that went on record when it was sealed",
        )
        raise RowAltered(tx.cases.get(row.case_id), Text(f"归档{row.id}", f"Archive {row.id}"), words)


def _is_as_told(desk: Desk, row: ArchiveRow, files: Sequence[Mapping[str, Any]], sha256: str) -> bool:
    try:
        with desk.store.files.open(sha256) as stream:
            whole = stream.read()
    except NotFound:
        return False
    if hashlib.sha256(whole).hexdigest() != sha256:
        return False
    manifest = json.loads(whole)
    about = (manifest["archive"], manifest["round"], manifest["jurisdiction"], manifest["personal_data"])
    sums = hashlib.sha256(manifest_sums(manifest, sha256)).hexdigest()
    own = [("manifest.json", sha256), ("SHA256SUMS", sums), *((f["path"], f["sha256"]) for f in manifest["files"])]
    found = sorted((str(file.get("path")), str(file.get("sha256"))) for file in files)
    return about == (row.id, row.case_id, row.jurisdiction, row.full) and found == sorted(own)
