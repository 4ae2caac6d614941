from __future__ import annotations

import errno
import hashlib
import io
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from service.domain.errors import NotFound
from service.store import FolderFiles, StorageFull


class FullDisk(io.BytesIO):
    """Content whose arrival fills the disk."""

    def read(self, size: int | None = -1) -> bytes:
        raise OSError(errno.ENOSPC, "no space")


def test_a_file_is_named_by_its_content(tmp_path: Path) -> None:
    files, content = FolderFiles(tmp_path / "files"), "申报书".encode()
    digest, size = files.put(content)
    assert (digest, size) == (hashlib.sha256(content).hexdigest(), len(content))
    with files.open(digest) as file:
        assert file.read() == content


def test_the_same_content_is_stored_once(tmp_path: Path) -> None:
    files = FolderFiles(tmp_path)
    assert files.put(b"same") == files.put(io.BytesIO(b"same"))
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 1


def test_a_full_disk_is_said_in_words_and_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(StorageFull, match="磁盘空间已满"):
        FolderFiles(tmp_path).put(FullDisk())
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_not_there_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        FolderFiles(tmp_path).open("0" * 64)


def test_what_a_killed_process_left_half_written_is_removed_after_a_day(tmp_path: Path) -> None:
    files, left = FolderFiles(tmp_path), tmp_path / "incoming-left"
    left.write_bytes(b"half")
    now = datetime.fromtimestamp(left.stat().st_mtime, UTC)
    assert files.tidy(now + timedelta(hours=23)) == 0
    assert files.tidy(now + timedelta(hours=25)) == 1
    assert list(tmp_path.iterdir()) == []
