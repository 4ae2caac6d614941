"""Stored files are encrypted where they lie: read from any place in them, and by nobody without the key."""

from __future__ import annotations

import io
import os
import random
import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from service.app import Installation
from service.casework.desk.belonging import require_belonging
from service.casework.health.checks import Colour, look_at_data_keys
from service.cli.main import laurel
from service.domain.proof.algorithms import AES, CIPHERS, SM4
from service.settings import read_settings
from service.store import (
    CannotDecrypt,
    DataDamaged,
    DataKeys,
    DataKeysMissing,
    FileAltered,
    FolderFiles,
    KeysUnreadable,
)
from service.store.data_keys import VERSION
from service.store.files.files import BLOCK, MARK

WORDS = "张三丰 650102199001011234".encode()
SIZES = (0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK, 2 * BLOCK + 7)


@pytest.fixture
def keys(tmp_path: Path) -> DataKeys:
    made = DataKeys(tmp_path / "kept" / "keys")
    made.make()
    return made


def paths(root: Path) -> list[Path]:
    return sorted(path for path in root.rglob("*") if path.is_file())


@pytest.mark.parametrize("cipher", CIPHERS)
def test_nothing_of_it_can_be_read_where_it_lies_and_all_of_it_through_the_store(
    tmp_path: Path, keys: DataKeys, cipher: str
) -> None:
    files = FolderFiles(tmp_path / "files", keys=DataKeys(keys.file, cipher))
    chance = random.Random(1)
    for size in SIZES:
        content = (WORDS * (size // len(WORDS) + 1))[:size]
        name, told = files.put(content)
        assert told == size
        assert size < len(WORDS) or WORDS not in files.path(name).read_bytes()
        with files.open(name) as file:
            assert file.read() == content
            assert file.seek(0, os.SEEK_END) == size
            for _ in range(20):
                at, much = chance.randint(0, size + 5), chance.randint(0, 70_000)
                file.seek(at)
                assert (file.read(much), file.tell()) == (content[at : at + much], max(at, min(at + much, size)))
    assert list(FolderFiles(tmp_path / "files").names()) == list(files.names())


def test_what_is_changed_moved_or_cut_is_not_read(tmp_path: Path, keys: DataKeys) -> None:
    files = FolderFiles(tmp_path / "files", keys=keys)
    name, _ = files.put(random.Random(1).randbytes(3 * BLOCK))
    other, _ = files.put(random.Random(2).randbytes(3 * BLOCK))
    whole, foreign = files.path(name).read_bytes(), files.path(other).read_bytes()
    begin, block = len(MARK) + 16, (len(whole) - len(MARK) - 16) // 3
    parts = [whole[begin + n * block : begin + (n + 1) * block] for n in range(3)]
    for spoiled in (
        whole[:-1],
        whole[:-block],
        whole + parts[2],
        whole[:begin] + parts[1] + parts[0] + parts[2],
        whole[:begin] + foreign[begin : begin + block] + parts[1] + parts[2],
        whole[: len(whole) // 2] + bytes([whole[len(whole) // 2] ^ 1]) + whole[len(whole) // 2 + 1 :],
        whole[:begin],
    ):
        files.path(name).write_bytes(spoiled)
        with pytest.raises(DataDamaged), files.open(name) as file:
            file.read()
    files.path(name).write_bytes(whole)
    with files.open(name) as file:
        assert len(file.read()) == 3 * BLOCK


def test_under_a_new_key_or_cipher_it_is_encrypted_anew_in_its_place(tmp_path: Path, keys: DataKeys) -> None:
    files = FolderFiles(tmp_path / "files", keys=keys)
    name, _ = files.put(WORDS)
    stamp, first = files.stamp(name), files.path(name).read_bytes()
    assert (files.is_renewed(name), files.renew(name)) == (True, False)
    keys.make()
    assert not files.is_renewed(name)
    with files.open(name) as before:
        assert files.renew(name)
        assert before.read() == WORDS, "who reads it meanwhile reads on"
    assert files.path(name).read_bytes() != first
    assert files.stamp(name) == stamp, "it was not stored again"
    assert FolderFiles(tmp_path / "files", keys=DataKeys(keys.file, SM4)).renew(name)
    with FolderFiles(tmp_path / "files", keys=DataKeys(keys.file, AES)).open(name) as file:
        assert file.read() == WORDS
    assert len(paths(tmp_path / "files")) == 1


def test_without_its_key_it_is_not_read_and_stays_as_it_is(tmp_path: Path, keys: DataKeys) -> None:
    files = FolderFiles(tmp_path / "files", keys=keys)
    name, _ = files.put(WORDS)
    whole = files.path(name).read_bytes()
    others = DataKeys(tmp_path / "elsewhere")
    others.make()
    for without in (FolderFiles(tmp_path / "files"), FolderFiles(tmp_path / "files", keys=others)):
        with pytest.raises(DataKeysMissing, match=keys.ids[0]):
            without.open(name)
    with pytest.raises(DataKeysMissing):
        FolderFiles(tmp_path / "files", keys=others).renew(name)
    assert files.path(name).read_bytes() == whole
    other, _ = files.put(b"another one")
    files.path(other).write_bytes(whole)
    keys.make()
    with pytest.raises(FileAltered, match=other):
        files.renew(other)
    assert files.path(other).read_bytes() == whole
    assert len(paths(tmp_path / "files")) == 2


def test_whose_key_is_dropped_while_it_is_written_is_not_kept(tmp_path: Path, keys: DataKeys) -> None:
    """A slow upload that began before a rotation: nobody could ever read it."""
    files, first = FolderFiles(tmp_path / "files", keys=keys), keys.ids[0]

    class Slow(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            if self.tell() > BLOCK and keys.ids == (first,):
                keys.make()
                keys.drop([first])
            return super().read(size)

    with pytest.raises(DataKeysMissing, match=first):
        files.put(Slow(bytes(3 * BLOCK)))
    assert paths(tmp_path / "files") == []


# The file of data keys of an installation: made at its first start, missed before anything is written where it is lost.

ADDRESS = {"address": "天山区某街一号"}


@pytest.fixture
def here(tmp_path: Path) -> Installation:
    """An installation with a body, whose details are the only thing that is encrypted."""
    tools = Installation(read_settings({"LAUREL_DATA": str(tmp_path / "data"), "LAUREL_SEPARATION": "one"}))
    with tools.desk().store.write() as tx:
        tx.bodies.upsert("city", "office", kind="authority", name="质量办", roles=[], details=ADDRESS)
    tools.desk().store.close()
    return Installation(tools.settings)


def test_the_first_start_makes_a_key_and_everything_is_under_it(here: Installation) -> None:
    file = here.settings.data_keys
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent != here.settings.data, "a copy of the data takes no key along"
    assert "天山区" not in (here.settings.data / "laurel.db").read_bytes().decode("utf-8", "replace")
    assert look_at_data_keys(here.desk()).colour is Colour.GREEN
    assert len(DataKeys(file).ids) == 1


LOST: dict[str, Callable[[Path], object]] = {
    "gone": lambda file: file.unlink(),
    "emptied": lambda file: file.write_text(""),
    "damaged": lambda file: file.write_text("x"),
    "another": lambda file: (file.unlink(), DataKeys(file).make()),
    "a folder": lambda file: (file.unlink(), file.mkdir()),
}


@pytest.mark.parametrize("how", LOST)
def test_a_lost_file_stops_every_command_before_anything_is_written(here: Installation, how: str) -> None:
    file = here.settings.data_keys
    LOST[how](file)
    before = file.read_text() if file.is_file() else None
    with pytest.raises((CannotDecrypt, KeysUnreadable), match=re.escape(str(file))):
        require_belonging(here.desk())
    for words in (["doctor"], ["doctor", "--deep"], ["doctor", "--rotate-keys"], ["doctor", "--keys"]):
        result = CliRunner().invoke(laurel, words, obj=Installation(here.settings))
        assert result.exit_code != 0, words
        assert str(file) in f"{result.output}{result.exception}"
    assert (file.read_text() if file.is_file() else None) == before, "no key was made in its place"


def test_the_command_changes_the_key_and_the_cipher(here: Installation, tmp_path: Path) -> None:
    file = here.settings.data_keys
    [first] = DataKeys(file).ids
    other = Installation(read_settings({"LAUREL_DATA": str(tmp_path / "data"), "LAUREL_CIPHER": "sm4"}))

    def run(*words: str) -> str:
        result = CliRunner().invoke(laurel, ["doctor", *words], obj=other)
        assert result.exit_code == 0, result.output
        return result.output

    assert "body: 1" in run("--keys"), "by the cipher that is set it is not encrypted yet"
    told = run("--rotate-keys")
    [second] = DataKeys(file).ids
    assert (first in told, f"已用密钥 {second} 加密 1 行" in told, "复制一份" in told) == (True, True, True)
    assert "0 行、0 个文件不在最新的密钥下" in run("--keys")
    with closing(sqlite3.connect(tmp_path / "data" / "laurel.db")) as beside:
        [(details,)] = beside.execute("select details from body").fetchall()
        [(data,)] = beside.execute("select data from act where action = 'keys.rotate'").fetchall()
    assert details.startswith(f'"{VERSION.decode()}{second}-s')
    assert second in data
