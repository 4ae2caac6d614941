"""What a backup holds and under which names: database, stored files, and a note of when it was made."""

from __future__ import annotations

import os
import tarfile
import time
from pathlib import Path
from typing import BinaryIO

from service.domain.errors import NotFound
from service.settings import Settings
from service.store import DataKeys, FileStore, open_files

SQLITE, POSTGRES, FILES, NOTE, MARK = "laurel.db", "laurel.dump", "files", "backup.json", "mark"
DATA_KEYS = "data-keys"
"""What lies under each name; the keys of encrypted data in an encrypted backup alone."""


def stored_files(settings: Settings) -> FileStore:
    """Return the stored files; in a backup they are as they were before they were encrypted, so that it names them."""
    return open_files(settings.files, keys=DataKeys(settings.data_keys, settings.cipher))


def add_files(archive: tarfile.TarFile, files: FileStore) -> int:
    """Add every stored file; returns how many went meanwhile, as by an erasure, which is done once more after a restore."""
    gone = 0
    for name in files.names():
        try:
            content = files.open(name)
        except NotFound:
            gone += 1
            continue
        with content:
            add_member(archive, f"{FILES}/{name[:2]}/{name}", content)
    return gone


def add_member(archive: tarfile.TarFile, name: str, content: BinaryIO) -> None:
    """Add a file that only its owner may read once it is unpacked."""
    member = tarfile.TarInfo(name)
    member.size, member.mode, member.mtime = content.seek(0, os.SEEK_END), 0o600, int(time.time())
    content.seek(0)
    archive.addfile(member, content)


def put_files(scratch: Path, files: FileStore) -> int:
    """Files are named by their content: one that is there already is the same file. They bear the mark of the backup."""
    if (mark := scratch / MARK).exists():
        files.mark(mark.read_text(encoding="ascii"))
    count = 0
    for path in (p for p in (scratch / FILES).rglob("*") if p.is_file()):
        with path.open("rb") as content:
            files.put(content)
        count += 1
    return count
