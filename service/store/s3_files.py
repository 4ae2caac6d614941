"""Files in a bucket of any service that speaks S3."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, BinaryIO, cast

import obstore
from obstore.exceptions import AlreadyExistsError, BaseError, NotSupportedError

from service.settings import S3Place
from service.store.errors import FilesUnreachable, missing
from service.store.files import CHUNK, Crash, copy, live_on

if TYPE_CHECKING:
    from obstore.store import S3Store

_MARK = "installation"
_NAME = re.compile(r"[0-9a-f]{2}/([0-9a-f]{64})")

_IN_ONE_PIECE = 8 * CHUNK
"""Files up to this size are sent in one request, which the service refuses where the file is there already."""

_IN_MEMORY = 8 * CHUNK


class S3Files:
    """A bucket of immutable objects, each under the SHA-256 of its content; an ETag is no hash and is not looked at.

    A service that is silent or gone is noticed within seconds.
    """

    root = None
    durable = True

    def __init__(self, place: S3Place, *, crash: Crash = live_on) -> None:
        self._place, self._crash = place, crash

    @cached_property
    def _bucket(self) -> S3Store:
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
                "read_timeout": "4s",
                "timeout": "10m",
            },
            retry_config={"max_retries": 1, "retry_timeout": timedelta(seconds=3)},
        )

    def put(self, content: BinaryIO | bytes) -> tuple[str, int]:
        """Store ``content`` unless it is there; returns its SHA-256 and its size. Raises FilesUnreachable."""
        with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as file:
            stream = cast("BinaryIO", file)
            digest, size = copy(content, stream)
            file.seek(0)
            self._crash("file-written")
            with _reached():
                self._keep(_key(digest), stream, size)
        self._crash("file-kept")
        return digest, size

    def open(self, sha256: str) -> BinaryIO:
        """Open a stored file for reading, fetched as a whole; raises NotFound, FilesUnreachable."""
        file = cast("BinaryIO", tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY))  # noqa: SIM115  whoever reads it closes it
        try:
            with _reached():
                for chunk in obstore.get(self._bucket, _key(sha256)).stream(CHUNK):
                    file.write(chunk)
        except FileNotFoundError as error:
            file.close()
            raise missing("文件", "file", sha256) from error
        except BaseException:
            file.close()
            raise
        file.seek(0)
        return file

    def stamp(self, sha256: str) -> str:  # noqa: ARG002  as every place of files answers
        """Return "": a bucket cannot tell whether content was stored again, so that nothing is dropped from it."""
        return ""

    def drop(self, sha256: str, stamp: str) -> bool:  # noqa: ARG002
        """Drop nothing."""
        return False

    def names(self) -> Iterator[str]:
        """Return the SHA-256 of every stored file, in order."""
        with _reached():
            found = (
                _NAME.fullmatch(meta["path"]) for page in obstore.list(self._bucket, chunk_size=1000) for meta in page
            )
            yield from sorted(match[1] for match in found if match)

    def mark(self, fresh: str) -> str:
        """Return the mark that this bucket bears; ``fresh`` from now on if it has none."""
        with _reached():
            self._create(_MARK, fresh.encode())
            return bytes(obstore.get(self._bucket, _MARK).bytes()).decode()

    def free(self) -> None:
        """Look whether the bucket answers; nobody counts its bytes. Raises FilesUnreachable."""
        try:
            with _reached():
                next(iter(obstore.list(self._bucket, chunk_size=1)), None)
        except FileNotFoundError as error:
            raise FilesUnreachable(str(error)) from error

    def tidy(self, now: datetime) -> int:  # noqa: ARG002  every store is given the instant
        """Do nothing: an object is there whole or not at all."""
        return 0

    def _keep(self, key: str, file: BinaryIO, size: int) -> None:
        if size <= _IN_ONE_PIECE:
            self._create(key, file.read())
        elif not self._is_there(key):
            obstore.put(self._bucket, key, file)

    def _create(self, key: str, content: bytes) -> None:
        """Put an object unless it is there: also of several who try at once one alone succeeds."""
        try:
            obstore.put(self._bucket, key, content, mode="create")
        except AlreadyExistsError:
            return
        except NotSupportedError:  # an older service: the same content twice does no harm
            if not self._is_there(key):
                obstore.put(self._bucket, key, content)

    def _is_there(self, key: str) -> bool:
        try:
            obstore.head(self._bucket, key)
        except FileNotFoundError:
            return False
        return True


def _key(sha256: str) -> str:
    return f"{sha256[:2]}/{sha256}"


@contextmanager
def _reached() -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        raise
    except (BaseError, OSError) as error:
        raise FilesUnreachable((str(error).splitlines() or [""])[0]) from error
