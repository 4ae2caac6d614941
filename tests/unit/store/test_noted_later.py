"""What is taken back without a wait for the disk is known to every process at once, also after the end of this one."""

from __future__ import annotations

import shutil
from pathlib import Path

from service.store import KeyFiles
from service.store.seals.noted_marks import held_mark, released_mark
from service.store.seals.row_seals import RowSeals


def seals(folder: Path) -> RowSeals:
    keys = KeyFiles(folder)
    return RowSeals(lambda: keys.secret("digests"), keys)


def test_another_process_knows_at_once_what_one_took_back(tmp_path: Path) -> None:
    one, other = seals(tmp_path / "keys"), seals(tmp_path / "keys")
    one.made("t", [1])
    assert not other.is_withdrawn("mark")
    one.withdraw_later(["mark"])
    assert other.is_withdrawn("mark")
    one.withdraw(())
    assert "mark" in seals(tmp_path / "keys").taken_back()


def test_what_cannot_be_noted_is_known_here_and_noted_once_the_folder_is_back(tmp_path: Path) -> None:
    folder, moved = tmp_path / "keys", tmp_path / "moved"
    one = seals(folder)
    one.made("t", [1])
    one.withdraw_later(["first"])
    folder.rename(moved)
    one.withdraw_later(["second"])
    assert (one.is_withdrawn("second"), folder.exists()) == (True, False)
    seals(folder).made("t", [1])  # another folder in its place is given nothing
    one.withdraw_later(["third"])
    assert not seals(folder).taken_back()
    shutil.rmtree(folder)
    moved.rename(folder)
    one.withdraw_later(["fourth"])
    one.withdraw(())
    assert seals(folder).taken_back() == {"first", "second", "third", "fourth"}


def test_what_waits_is_known_by_whole_marks_alone(tmp_path: Path) -> None:
    one = seals(tmp_path / "keys")
    one.made("t", [1])
    one.withdraw_later([held_mark("clock_hold", 12, "jump", "2026-03-02"), held_mark("epoch", 3, "2026-03-02")])
    waits = {"clock_hold/12": "jump|2026-03-02", "epoch/3": "2026-03-02"}
    assert seals(tmp_path / "keys").waiting() == waits
    for broken in (held_mark("clock_hold", 15, "jump")[:-1], "held:clock_hold/", released_mark("clock_hold", 12)[:-1]):
        one.withdraw_later([broken])
        assert seals(tmp_path / "keys").waiting() == waits, "a loss of power broke it off"
    one.withdraw_later([released_mark("clock_hold", 12)])
    assert seals(tmp_path / "keys").waiting() == {"epoch/3": "2026-03-02"}


def test_a_disk_that_takes_nothing_undoes_nothing_that_is_committed(tmp_path: Path) -> None:
    one, folder = seals(tmp_path / "keys"), tmp_path / "keys"
    one.made("t", [1])
    [notes] = _notes_of(one, folder)
    notes.rename(tmp_path / "moved")
    notes.symlink_to(tmp_path / "gone" / "notes")  # nothing can be written there
    one._note_at = 0
    one.withdraw_later(["second"])
    assert one.is_withdrawn("second")
    notes.unlink()
    (tmp_path / "moved").rename(notes)
    one.withdraw(())
    assert seals(folder).taken_back() == {"first", "second"}


def _notes_of(one: RowSeals, folder: Path) -> list[Path]:
    one.withdraw_later(["first"])
    return [*folder.glob("*.notes")]
