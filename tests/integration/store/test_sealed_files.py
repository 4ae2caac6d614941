"""Stored files are encrypted where they lie: read from any place in them, and by nobody without the key."""

from __future__ import annotations

import io
import os
import random
from contextlib import closing
from pathlib import Path
from zipfile import ZipFile

import pytest
from click.testing import CliRunner

from service.app import Installation
from service.cli.main import laurel
from service.domain.proof.algorithms import AES, CIPHERS, SM4
from service.settings import read_settings
from service.store import DataKeys, DataKeysMissing, FileAltered, FolderFiles, Store
from service.store.files.sealed_files import BLOCK, MARK

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


def test_an_archive_in_it_is_read_by_its_members(tmp_path: Path, keys: DataKeys) -> None:
    whole = io.BytesIO()
    with ZipFile(whole, "w") as made:
        for number in range(5):
            made.writestr(f"{number}.bin", random.Random(number).randbytes(BLOCK // 2))
    files = FolderFiles(tmp_path / "files", keys=keys)
    name, _ = files.put(whole.getvalue())
    with files.open(name) as file, ZipFile(file) as read:
        assert read.read("4.bin") == random.Random(4).randbytes(BLOCK // 2)
        assert read.testzip() is None


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
        with pytest.raises(DataKeysMissing), files.open(name) as file:
            file.read()
    files.path(name).write_bytes(whole)
    with files.open(name) as file:
        assert len(file.read()) == 3 * BLOCK


def test_a_file_of_before_is_read_and_encrypted_once_and_under_a_new_key_again(tmp_path: Path, keys: DataKeys) -> None:
    plain = FolderFiles(tmp_path / "files")
    name, _ = plain.put(WORDS)
    files = FolderFiles(tmp_path / "files", keys=keys)
    assert not files.is_renewed(name)
    stamp = files.stamp(name)
    with files.open(name) as before:
        assert files.renew(name)
        assert before.read() == WORDS, "who reads it meanwhile reads on"
    assert WORDS not in files.path(name).read_bytes()
    assert (files.is_renewed(name), files.renew(name)) == (True, False)
    assert files.stamp(name) == stamp, "it was not stored again"
    first = files.path(name).read_bytes()
    keys.make()
    assert files.renew(name)
    assert files.path(name).read_bytes() != first
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
    plain, _ = FolderFiles(tmp_path / "files").put(b"as it was")
    files.path(plain).write_bytes(b"as it is")
    with pytest.raises(FileAltered, match=plain):
        files.renew(plain)
    assert (files.path(name).read_bytes(), files.path(plain).read_bytes()) == (whole, b"as it is")
    assert len(paths(tmp_path / "files")) == 2


def test_under_keys_of_a_program_before_files_stay_plain_until_every_process_reads_them(tmp_path: Path) -> None:
    kept = tmp_path / "keys"
    DataKeys(kept).make()
    of_before = "".join(line for line in kept.read_text("ascii").splitlines(True) if not line.startswith("#"))
    kept.write_text(of_before, "ascii")
    files = FolderFiles(tmp_path / "files", keys=DataKeys(kept))
    name, _ = files.put(WORDS)
    assert files.path(name).read_bytes() == WORDS
    assert not files.renew(name)
    DataKeys(kept).begin_files()
    assert kept.read_text("ascii").endswith(of_before), "older keys stay, and programs of before read them"
    files = FolderFiles(tmp_path / "files", keys=DataKeys(kept))
    assert files.renew(name)
    assert WORDS not in files.path(name).read_bytes()


def test_a_plain_file_that_begins_as_encrypted_ones_do_is_read_as_it_is(tmp_path: Path, keys: DataKeys) -> None:
    content = MARK + WORDS * 10
    name, _ = FolderFiles(tmp_path / "files").put(content)
    files = FolderFiles(tmp_path / "files", keys=keys)
    for each in (FolderFiles(tmp_path / "files"), files):
        with each.open(name) as file:
            assert file.read() == content
    assert files.renew(name)
    with files.open(name) as file:
        assert file.read() == content


@pytest.fixture
def installation(sqlite_url: str, tmp_path: Path) -> Installation:
    given = {"LAUREL_DATA": str(tmp_path / "data"), "LAUREL_DATABASE": sqlite_url, "LAUREL_SEPARATION": "one"}
    return Installation(read_settings(given))


def test_the_command_encrypts_those_of_before_and_says_how_many_are_left(
    installation: Installation, sqlite_url: str
) -> None:
    root = installation.settings.files
    assert isinstance(root, Path)
    plain = FolderFiles(root, durable=False)
    names = [plain.put(f"{number} ".encode() + WORDS)[0] for number in range(3)]

    def run(word: str) -> str:
        result = CliRunner().invoke(laurel, ["data-keys", word], obj=installation)
        assert result.exit_code == 0, result.output
        return result.output

    assert "、3 个文件 / rows and files were encrypted" in run("seal")
    assert not [path for path in paths(root) if WORDS in path.read_bytes()]
    assert "、0 个文件" in run("seal")
    DataKeys(installation.settings.data_keys).make()
    assert "files: 3" in run("show")
    assert "、3 个文件" in run("rotate")
    with closing(Store(sqlite_url, root, durable=False, keys=DataKeys(installation.settings.data_keys))) as store:
        for number, name in enumerate(names):
            with store.files.open(name) as file:
                assert file.read() == f"{number} ".encode() + WORDS
