"""A folder of ballot keys that is moved away while the program runs is not made anew."""

from __future__ import annotations

from pathlib import Path

import pytest

from service.store import KeyFiles, KeyFolderClosed, KeyFolderGone, KeyLost


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


def test_a_place_that_is_no_folder_is_told_by_the_setting(tmp_path: Path) -> None:
    (tmp_path / "keys").write_text("a file")
    with pytest.raises(KeyFolderClosed, match="LAUREL_BALLOT_KEYS"):
        KeyFiles(tmp_path / "keys").secret("installation")


class _AskedMeanwhile(KeyFiles):
    """Another request asks for a secret for the first time while the folder is looked at."""

    def known_secret(self, name: str) -> bytes | None:
        self._secrets.setdefault("idempotency", self._kept_secret(self.root / "idempotency.secret"))
        return super().known_secret(name)


def test_a_secret_first_asked_for_while_the_folder_is_looked_at_disturbs_nobody(tmp_path: Path) -> None:
    keys = _AskedMeanwhile(tmp_path / "keys")
    keys.secret("installation")
    keys.put("box", "key", b"1")
    assert keys.secret("idempotency") == KeyFiles(tmp_path / "keys").known_secret("idempotency")


def test_a_new_installation_makes_its_folder(tmp_path: Path) -> None:
    KeyFiles(tmp_path / "a" / "keys").put("box", "key", b"1")
    assert KeyFiles(tmp_path / "a" / "keys").get("box", "key") == b"1"
    assert KeyFiles(tmp_path / "none").known_secret("installation") is None


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
