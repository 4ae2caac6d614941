"""Opens the place where files are kept, of whatever kind it is."""

from __future__ import annotations

from pathlib import Path

from service.settings import S3Place
from service.store.data_keys import DataKeys
from service.store.files.files import Crash, FileStore, live_on
from service.store.files.folder_files import FolderFiles


def open_files(
    place: Path | S3Place, *, durable: bool = True, crash: Crash = live_on, keys: DataKeys | None = None
) -> FileStore:
    """Return the files in a folder or in a bucket, encrypted under ``keys``; nothing is looked at yet."""
    if isinstance(place, Path):
        return FolderFiles(place, durable=durable, crash=crash, keys=keys)
    from service.store.files.s3_files import S3Files  # loads a library that a folder does without

    return S3Files(place, crash=crash, keys=keys)
