"""Files in a bucket: the same as in a folder, and a sentence where the service is gone or silent."""

from __future__ import annotations

import hashlib
import io
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Thread

import pytest

from service.domain.errors import NotFound
from service.settings import S3Place
from service.store import DataKeys, FileStore, FilesUnreachable, FolderFiles
from service.store.files.files import Crash, live_on
from service.store.files.s3_files import S3Files
from tests.support.s3 import BucketServer, bucket_server, silent_server
from tests.support.waiting import PATIENCE, ended


@pytest.fixture(scope="module")
def server() -> Iterator[BucketServer]:
    with bucket_server() as running:
        yield running


@pytest.fixture(params=["folder", "bucket", "encrypted folder", "encrypted bucket"])
def files(request: pytest.FixtureRequest, tmp_path: Path) -> FileStore:
    """An empty place, in a folder and in a bucket, plain and encrypted."""
    keys = None
    if request.param.startswith("encrypted"):
        keys = DataKeys(tmp_path / "keys")
        keys.make()
    if request.param.endswith("folder"):
        return FolderFiles(tmp_path / "files", keys=keys)
    place = request.getfixturevalue("server").place
    own = S3Place(place.bucket, tmp_path.name, place.endpoint, place.region, place.key, place.secret)
    return S3Files(own, keys=keys)


def reopened(files: FileStore, keys: DataKeys, crash: Crash = live_on) -> FileStore:
    """The same place as a process finds it that has keys."""
    if files.root:
        return FolderFiles(files.root, keys=keys, crash=crash)
    return S3Files(files._place, keys=keys, crash=crash)  # type: ignore[attr-defined]


def test_what_is_put_is_found_under_its_hash(files: FileStore) -> None:
    large = bytes(range(256)) * 40_000
    kept = [files.put("申报书".encode()), files.put(io.BytesIO(large)), files.put(b"")]
    contents = ["申报书".encode(), large, b""]
    assert kept == [(hashlib.sha256(each).hexdigest(), len(each)) for each in contents]
    for (name, _), content in zip(kept, contents, strict=True):
        with files.open(name) as file:
            assert file.read() == content
            file.seek(0)
            assert file.read(3) == content[:3]
    assert list(files.names()) == sorted(name for name, _ in kept)


@pytest.mark.parametrize("files", ["encrypted folder", "encrypted bucket"], indirect=True)
def test_what_is_under_an_older_key_is_encrypted_anew_in_its_place(files: FileStore, tmp_path: Path) -> None:
    contents = [b"", "申报书".encode(), bytes(range(256)) * 40_000]
    names = [files.put(content)[0] for content in contents]
    DataKeys(tmp_path / "keys").make()
    keys = DataKeys(tmp_path / "keys")
    again = reopened(files, keys)
    for name, content in zip(names, contents, strict=True):
        assert (again.is_renewed(name), again.renew(name), again.renew(name)) == (False, True, False)
        assert again.is_renewed(name)
        with again.open(name) as file:
            assert file.read() == content
    assert list(again.names()) == sorted(names)
    with pytest.raises(NotFound):
        again.is_renewed("0" * 64)


def test_what_is_dropped_is_gone_unless_it_was_stored_again(files: FileStore) -> None:
    name, _ = files.put("申报书".encode())
    stamp = files.stamp(name)
    files.put("申报书".encode())
    assert stamp != files.stamp(name)
    assert not files.drop(name, stamp)
    assert list(files.names()) == [name]
    assert files.drop(name, files.stamp(name))
    assert list(files.names()) == []
    assert files.stamp(name) == ""
    assert not files.drop(name, "")
    with pytest.raises(NotFound):
        files.open(name)


def test_what_is_stored_while_it_is_dropped_is_there_afterwards(files: FileStore) -> None:
    name, _ = files.put(b"same")
    with ThreadPoolExecutor(2) as pool:
        for _ in range(8):
            dropping = pool.submit(files.drop, name, files.stamp(name))
            pool.submit(files.put, b"same").result(PATIENCE)
            dropping.result(PATIENCE)
            with files.open(name) as file:
                assert file.read() == b"same"


@pytest.mark.parametrize("files", ["encrypted folder", "encrypted bucket"], indirect=True)
def test_what_is_dropped_while_it_is_encrypted_anew_stays_away(files: FileStore, tmp_path: Path) -> None:
    """Whoever rotates keys beside an erasure has read the file before it goes, and would write it where none is any more."""
    name, _ = files.put("申报书".encode())
    stamp, dropped = files.stamp(name), list[bool]()
    DataKeys(tmp_path / "keys").make()
    dropping = Thread(target=lambda: dropped.append(files.drop(name, stamp)))

    def meanwhile(point: str) -> None:
        if point == "file-renewed" and not dropping.is_alive() and not dropped:
            dropping.start()
            dropping.join(0.5)

    again = reopened(files, DataKeys(tmp_path / "keys"), meanwhile)
    again.renew(name)
    ended(dropping)
    assert dropped == [True]
    assert list(files.names()) == []


@pytest.mark.parametrize("files", ["encrypted folder", "encrypted bucket"], indirect=True)
def test_what_is_encrypted_anew_was_not_stored_again(files: FileStore, tmp_path: Path) -> None:
    """A file that nobody claimed waits for hours with the stamp by which it is dropped: it would stay for ever."""
    name, _ = files.put("申报书".encode())
    stamp = files.stamp(name)
    DataKeys(tmp_path / "keys").make()
    assert reopened(files, DataKeys(tmp_path / "keys")).renew(name)
    assert files.stamp(name) == stamp
    assert files.drop(name, stamp)


def test_a_service_that_is_gone_is_said_in_a_sentence() -> None:
    with bucket_server() as server:
        files = S3Files(server.place)
        name, _ = files.put(b"before")
        server.kill()
        for ask in (lambda: files.open(name), lambda: files.put(b"after"), files.free, lambda: list(files.names())):
            with pytest.raises(FilesUnreachable, match="存放附件和文书的地方") as told:
                ask()
            assert (told.value.reason.zh, told.value.reason.en) == ("没有应答", "no answer")


def test_a_silent_service_is_given_up_within_seconds() -> None:
    with silent_server() as place:
        began = time.monotonic()
        with pytest.raises(FilesUnreachable):
            S3Files(place).put(b"anything")
        assert time.monotonic() - began < 100


def test_a_bucket_that_is_not_there_and_one_that_refuses_are_no_missing_files(server: BucketServer) -> None:
    place = server.place
    wrong = S3Files(S3Place("nobody", "", place.endpoint, place.region, place.key, place.secret))
    with pytest.raises(FilesUnreachable) as told:
        wrong.free()
    assert (told.value.reason.zh, told.value.reason.en) == ("没有这个存储桶", "there is no such bucket")
