"""Files in a bucket of any service that speaks S3."""

from __future__ import annotations

import re
import secrets
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, BinaryIO, cast

import obstore
from obstore.exceptions import AlreadyExistsError, BaseError, NotSupportedError

from service.domain.text import Text
from service.settings import S3Place
from service.store.data_keys import DataKeys
from service.store.errors import FileAltered, FilesUnreachable, missing
from service.store.files.files import BEGINNING, CHUNK, Crash, copy_content, is_newest, live_on, open_encrypted

if TYPE_CHECKING:
    from obstore.store import S3Store


_STATUS = re.compile(r"status code: (\d{3})\b")
_OF_STATUS = {
    "401": Text("拒绝访问，KEY、SECRET 不对", "access refused: KEY or SECRET is wrong"),
    "403": Text("拒绝访问，KEY、SECRET 不对或者没有权限", "access refused: KEY or SECRET is wrong, or has no right"),
    "404": Text("没有这个存储桶", "there is no such bucket"),
}
_SILENT = "error sending request"
_UNSUPPORTED_ERROR = re.compile(r"NotImplemented|\b501 Not Implemented\b")


def why_unreachable(error: BaseException) -> Text:
    """Return why the service did not do what it was asked, by the status of its answer where it gave one."""
    reason = (str(error).splitlines() or [""])[0]
    status = _STATUS.search(reason)
    if status is not None:
        status_words = _OF_STATUS.get(status[1])
        return status_words or Text(f"服务答复 HTTP {status[1]}", f"the service answers HTTP {status[1]}")
    if _SILENT in reason:
        return Text("没有应答", "no answer")
    return Text("连接出错", reason)


def knows_conditions(error: BaseError) -> bool:
    """Return whether a request failed for another reason than that the service knows no conditions."""
    return not isinstance(error, NotSupportedError) and not _UNSUPPORTED_ERROR.search(str(error))


_MARK = "installation"
_NAME = re.compile(r"[0-9a-f]{2}/([0-9a-f]{64})")

_SINGLE_UPLOAD_LIMIT = 8 * CHUNK
"""Files up to this size are sent in one request, which the service refuses where the file is there already."""

_IN_MEMORY = 8 * CHUNK

_STORED = "laurel-stored"
"""Name of what an object says of itself, another word each time it is stored: an ETag tells of its content alone."""

_DROPPED_WITHIN = 5.0
"""Seconds after which a sign that content is being dropped or renewed was left by a process that was killed."""

_LOOK_AGAIN, _TRIES, _ANSWERS_WITHIN = 0.05, 20, "4s"


class S3Files:
    """A bucket of immutable objects, each under the SHA-256 of its content; an ETag is no hash and is not looked at.

    A service that is silent or gone is noticed within seconds.
    """

    root = None
    durable = True

    def __init__(self, place: S3Place, *, crash: Crash = live_on, keys: DataKeys | None = None) -> None:
        self._place, self._crash, self._keys = place, crash, keys

    @cached_property
    def _object_store(self) -> S3Store:
        from obstore.store import S3Store

        place = self._place
        return S3Store(
            place.bucket,
            prefix=place.prefix or None,
            config={
                "endpoint": place.endpoint,
                "region": place.region,
                "access_key_id": place.key,
                "secret_access_key": place.secret,
                "virtual_hosted_style_request": False,
                "conditional_put": "etag",
            },
            client_options={
                "allow_http": place.endpoint.startswith("http://"),
                "connect_timeout": "2s",
                "read_timeout": _ANSWERS_WITHIN,
                "timeout": "10m",
            },
            retry_config={"max_retries": 1, "retry_timeout": timedelta(seconds=3)},
        )

    def put(self, content: BinaryIO | bytes) -> tuple[str, int]:
        """Store ``content`` unless it is there; returns its SHA-256 and its size. Raises FilesUnreachable."""
        with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as file:
            stream = cast("BinaryIO", file)
            digest, size = copy_content(content, stream, self._keys)
            stored_size = file.tell()
            file.seek(0)
            self._crash("file-written")
            with _translate_errors():
                self._store_object(digest, stream, stored_size)
        self._crash("file-kept")
        return digest, size

    def open(self, sha256: str) -> BinaryIO:
        """Open a stored file for reading, fetched as a whole; raises NotFound, FilesUnreachable."""
        file = cast("BinaryIO", tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY))  # noqa: SIM115  whoever reads it closes it
        try:
            with _translate_errors():
                for chunk in obstore.get(self._object_store, _build_key(sha256)).stream(CHUNK):
                    file.write(chunk)
        except FileNotFoundError as error:
            file.close()
            raise missing("文件", "file", sha256) from error
        except BaseException:
            file.close()
            raise
        file.seek(0)
        return open_encrypted(file, self._keys)

    def is_renewed(self, sha256: str) -> bool:
        """Return whether a file is encrypted under the newest key; raises NotFound, FilesUnreachable."""
        if self._keys is None:
            return False
        try:
            with _translate_errors():
                stream = obstore.get(self._object_store, _build_key(sha256)).stream(
                    BEGINNING
                )  # no range: an empty file has none
                return is_newest(bytes(next(iter(stream), b""))[:BEGINNING], self._keys)
        except FileNotFoundError as error:
            raise missing("文件", "file", sha256) from error

    def renew(self, sha256: str) -> bool:
        """Encrypt a file that is under an older key or by another cipher; returns whether it was. Its stamp stays. Raises FilesUnreachable."""
        if self._keys is None or self.is_renewed(sha256):
            return False
        with self.open(sha256) as before, tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as file:
            stream = cast("BinaryIO", file)
            if copy_content(before, stream, self._keys)[0] != sha256:
                raise FileAltered(sha256)
            with _translate_errors():
                return self._replace(sha256, stream)

    def stamp(self, sha256: str) -> str:
        """Return what tells when the content was stored last, "" where it is not. Raises FilesUnreachable."""
        try:
            with _translate_errors():
                response = obstore.get(self._object_store, _build_key(sha256), options={"head": True})
        except FileNotFoundError:
            return ""
        return str(response.attributes.get(_STORED) or response.meta["last_modified"].isoformat())

    def drop(self, sha256: str, stamp: str) -> bool:
        """Remove a file unless it was stored again since it bore ``stamp``. Raises FilesUnreachable.

        S3 removes without a condition: a sign tells meanwhile whoever stores the content that it is being dropped.
        """
        with _translate_errors():
            obstore.put(self._object_store, _build_leaving_key(sha256), b"")
            try:
                self._wait_for_sign(_build_renewing_key(sha256))
                going = bool(stamp) and self.stamp(sha256) == stamp
                if going:
                    obstore.delete(self._object_store, _build_key(sha256))
            finally:
                obstore.delete(self._object_store, _build_leaving_key(sha256))
        self._crash("file-dropped")
        return going

    def names(self) -> Iterator[str]:
        """Return the SHA-256 of every stored file, in order."""
        with _translate_errors():
            matches = (
                _NAME.fullmatch(meta["path"])
                for page in obstore.list(self._object_store, chunk_size=1000)
                for meta in page
            )
            yield from sorted(match[1] for match in matches if match)

    def mark(self, fresh: str) -> str:
        """Return the mark that this bucket bears; ``fresh`` from now on if it has none."""
        with _translate_errors():
            self._create_object(_MARK, fresh.encode(), {})
            return bytes(obstore.get(self._object_store, _MARK).bytes()).decode()

    def free(self) -> None:
        """Look whether the bucket answers; nobody counts its bytes. Raises FilesUnreachable."""
        try:
            with _translate_errors():
                next(iter(obstore.list(self._object_store, chunk_size=1)), None)
        except FileNotFoundError as error:
            raise FilesUnreachable(why_unreachable(error)) from error

    def tidy(self, now: datetime) -> int:  # noqa: ARG002  every store is given the instant
        """Do nothing: an object is there whole or not at all."""
        return 0

    def _store_object(self, sha256: str, file: BinaryIO, size: int) -> None:
        key, stored = _build_key(sha256), {_STORED: secrets.token_hex(16)}
        if size <= _SINGLE_UPLOAD_LIMIT:
            fresh = self._create_object(key, file.read(), stored)
        elif fresh := not self._is_there(key):
            obstore.put(self._object_store, key, file, attributes=stored)
        if fresh:
            return
        self._wait_for_sign(_build_renewing_key(sha256))
        self._put_again(key, file, stored)  # whoever would drop it sees that it was stored again
        self._wait_for_sign(_build_leaving_key(sha256))
        if not self._is_there(key):  # dropped at this moment
            self._put_again(key, file, stored)

    def _replace(self, sha256: str, file: BinaryIO) -> bool:
        """Put ``file`` in the place of an object that is still there, and keep its stamp; returns whether it was.

        Not every service knows conditions: a sign tells whoever would drop the file to wait. Each of both puts its own sign
        before it looks for the other's; who drops goes first.
        """
        for _ in range(_TRIES):
            obstore.put(self._object_store, _build_renewing_key(sha256), b"")
            try:
                if not self._is_there(_build_leaving_key(sha256)):
                    self._crash("file-renewed")
                    stamp = self.stamp(sha256)
                    if stamp:
                        self._put_again(_build_key(sha256), file, {_STORED: stamp})
                    return bool(stamp)
            finally:
                obstore.delete(self._object_store, _build_renewing_key(sha256))
            self._wait_for_sign(_build_leaving_key(sha256))
        raise FilesUnreachable(
            Text(
                f"{_build_key(sha256)} 一再被其他进程清除",
                f"{_build_key(sha256)} is being dropped again and again by others",
            )
        )

    def _wait_for_sign(self, sign: str) -> None:
        """Wait while a sign of somebody else is there, unless a process that was killed has left it."""
        end = time.monotonic() + _DROPPED_WITHIN
        while self._is_there(sign) and time.monotonic() < end:
            time.sleep(_LOOK_AGAIN)

    def _put_again(self, key: str, file: BinaryIO, stored: Mapping[str, str]) -> None:
        file.seek(0)
        obstore.put(self._object_store, key, file, attributes=dict(stored))

    def _create_object(self, key: str, content: bytes, stored: Mapping[str, str]) -> bool:
        """Put an object unless it is there, and say whether it was not: of several who try at once one alone succeeds."""
        try:
            obstore.put(self._object_store, key, content, mode="create", attributes=dict(stored))
        except AlreadyExistsError:
            return False
        except BaseError as error:
            if knows_conditions(error):
                raise
            if self._is_there(key):  # an older service: the same content twice does no harm
                return False
            obstore.put(self._object_store, key, content, attributes=dict(stored))
        return True

    def _is_there(self, key: str) -> bool:
        try:
            obstore.head(self._object_store, key)
        except FileNotFoundError:
            return False
        return True


def _build_key(sha256: str) -> str:
    return f"{sha256[:2]}/{sha256}"


def _build_leaving_key(sha256: str) -> str:
    return f"leaving/{sha256}"


def _build_renewing_key(sha256: str) -> str:
    return f"renewing/{sha256}"


@contextmanager
def _translate_errors() -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        raise
    except (BaseError, OSError) as error:
        raise FilesUnreachable(why_unreachable(error)) from error
