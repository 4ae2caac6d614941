"""A folder of ballot keys that is moved away while the program runs is not made anew."""

from __future__ import annotations

import errno
import hashlib
import io
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from service.store import FolderFiles, KeyFiles, KeyFolderGone, KeyLost, StorageFull


def test_a_folder_that_was_there_is_not_made_anew(tmp_path: Path) -> None:
    keys = KeyFiles(tmp_path / "keys")
    keys.put("box", "first", b"1")
    (tmp_path / "keys").rename(tmp_path / "moved")
    with pytest.raises(KeyFolderGone, match="LAUREL_BALLOT_KEYS"):
        keys.put("box", "second", b"2")
    assert not (tmp_path / "keys").exists()
    (tmp_path / "moved").rename(tmp_path / "keys")
    keys.put("box", "second", b"2")
    assert keys.get("box", "first") == b"1"


def test_another_folder_in_its_place_is_refused(tmp_path: Path) -> None:
    keys = KeyFiles(tmp_path / "keys")
    keys.secret("installation")
    (tmp_path / "keys").rename(tmp_path / "moved")
    KeyFiles(tmp_path / "keys").secret("installation")
    for act in (lambda: keys.put("box", "key", b"1"), lambda: keys.secret("throttle")):
        with pytest.raises(KeyFolderGone):
            act()


def test_what_lies_in_a_folder_that_was_moved_away_is_neither_lost_nor_destroyed(tmp_path: Path) -> None:
    keys = KeyFiles(tmp_path / "keys")
    keys.put("box", "key", b"1")
    (tmp_path / "keys").rename(tmp_path / "moved")
    for act in (lambda: keys.get("box", "key"), lambda: keys.drop("box", ("key",)), lambda: keys.destroy("box")):
        with pytest.raises(KeyFolderGone):
            act()
    (tmp_path / "moved").rename(tmp_path / "keys")
    keys.destroy("box")
    with pytest.raises(KeyLost):
        keys.get("box", "key")


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


def test_a_full_disk_is_said_in_words_and_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(StorageFull, match="磁盘空间已满"):
        FolderFiles(tmp_path).put(FullDisk())
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_process_left_half_written_is_removed_after_a_day(tmp_path: Path) -> None:
    files, left = FolderFiles(tmp_path), tmp_path / "incoming-left"
    left.write_bytes(b"half")
    now = datetime.fromtimestamp(left.stat().st_mtime, UTC)
    assert files.tidy(now + timedelta(hours=23)) == 0
    assert files.tidy(now + timedelta(hours=25)) == 1
    assert list(tmp_path.iterdir()) == []
