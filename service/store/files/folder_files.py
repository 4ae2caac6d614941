"""Files in a folder, by the SHA-256 of their content, or wherever the settings say."""

from __future__ import annotations

import fcntl
import io
import os
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from service.settings import S3Place
from service.store.data_keys import DataKeys, sync_to_disk
from service.store.errors import FULL, FileAltered, StorageFull, missing
from service.store.files.files import BEGINNING, Crash, FileStore, copy_content, is_newest, live_on, open_encrypted

_INCOMING = "incoming-"
_DAY = 86_400
_MARK = "installation"
_PROBE = b"laurel"


class FolderFiles:
    """A folder of immutable files, each under the SHA-256 of its content."""

    def __init__(
        self, root: Path, *, durable: bool = True, crash: Crash = live_on, keys: DataKeys | None = None
    ) -> None:
        self.root, self.durable, self._crash, self._keys = root, durable, crash, keys

    def put(self, content: BinaryIO | bytes) -> tuple[str, int]:
        """Store ``content`` durably; returns its SHA-256 and its size. Raises StorageFull."""
        try:
            return self._put(content)
        except OSError as error:
            if error.errno in FULL:
                raise StorageFull from error
            raise

    def open(self, sha256: str) -> BinaryIO:
        """Open a stored file for reading; raises NotFound."""
        path = self.path(sha256)
        if not path.is_file():
            raise missing("文件", "file", sha256)
        return open_encrypted(path.open("rb"), self._keys)

    def is_renewed(self, sha256: str) -> bool:
        """Return whether a file is encrypted under the newest key; raises NotFound."""
        if self._keys is None:
            return False
        try:
            with self.path(sha256).open("rb") as file:
                return is_newest(file.read(BEGINNING), self._keys)
        except FileNotFoundError as error:
            raise missing("文件", "file", sha256) from error

    def renew(self, sha256: str) -> bool:
        """Encrypt a file that is under an older key or by another cipher, in one step for whoever reads it; returns whether it was.

        Its stamp stays: whoever would drop it has it gone.
        """
        if self._keys is None or self.is_renewed(sha256):
            return False
        with self.open(sha256) as before:
            name, digest, _ = self._written(before)
        try:
            if digest != sha256:
                raise FileAltered(sha256)
            with self._held(sha256) as there:
                self._crash("file-renewed")
                if not there:  # dropped meanwhile
                    return False
                os.utime(name, ns=(time.time_ns(), self.path(sha256).stat().st_mtime_ns))  # it is not stored again
                name.replace(self.path(sha256))
        finally:
            name.unlink(missing_ok=True)
        if self.durable:
            sync_to_disk(self.path(sha256).parent)
        return True

    def path(self, sha256: str) -> Path:
        """Return where the file lies or would lie."""
        return self.root / sha256[:2] / sha256

    def stamp(self, sha256: str) -> str:
        """Return when the content was stored last, "" where it is not."""
        try:
            return str(self.path(sha256).stat().st_mtime_ns)
        except FileNotFoundError:
            return ""

    def drop(self, sha256: str, stamp: str) -> bool:
        """Remove a file unless it was stored again since it bore ``stamp``."""
        with self._held(sha256) as there:
            if not there or self.stamp(sha256) != stamp:
                return False
            self.path(sha256).unlink()
        self._crash("file-dropped")
        return True

    def names(self) -> Iterator[str]:
        """Return the SHA-256 of every stored file, in order."""
        yield from (path.name for path in sorted(self.root.glob("??/*")))

    def mark(self, fresh: str) -> str:
        """Return the mark that this folder bears; ``fresh`` from now on if it has none."""
        self.root.mkdir(parents=True, exist_ok=True)
        place, new = self.root / _MARK, self.root / f"{_INCOMING}{fresh}"
        if not place.exists():
            new.write_text(fresh, encoding="ascii")
            with suppress(FileExistsError):  # another process was quicker: its mark holds
                os.link(new, place)
            new.unlink()
        return place.read_text(encoding="ascii")

    def free(self) -> int:
        """Return how many bytes there is room for; 0 where nothing can be written and read again."""
        folder = next(path for path in (self.root, *self.root.absolute().parents) if path.exists())
        usable = self._tried() if folder == self.root else folder.is_dir() and os.access(folder, os.W_OK)
        return shutil.disk_usage(folder).free if usable else 0

    def tidy(self, now: datetime) -> int:
        """Remove what killed processes left half written, a day after; returns how many files that were."""
        old = [p for p in self.root.glob(f"{_INCOMING}*") if now.timestamp() - p.stat().st_mtime > _DAY]
        for path in old:
            path.unlink(missing_ok=True)
        return len(old)

    def _tried(self) -> bool:
        """Write a few bytes and read them again, as rights alone say little: of a file in the place of the folder, say."""
        try:
            with tempfile.NamedTemporaryFile(dir=self.root, prefix=_INCOMING) as file:
                file.write(_PROBE)
                file.seek(0)
                return file.read() == _PROBE
        except OSError:
            return False

    def _put(self, content: BinaryIO | bytes) -> tuple[str, int]:
        name, digest, size = self._written(content)
        try:
            self._crash("file-written")
            self._keep(name, digest)
        finally:
            name.unlink(missing_ok=True)
        return digest, size

    def _written(self, content: BinaryIO | bytes) -> tuple[Path, str, int]:
        """Write ``content`` under a name of its own, which goes where that fails; returns it, the SHA-256 and the size."""
        self.root.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=self.root, prefix=_INCOMING)
        try:
            with os.fdopen(handle, "wb") as file:
                digest, size = copy_content(content, file, self._keys)
                if self.durable:
                    os.fsync(file.fileno())
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        return Path(name), digest, size

    def _keep(self, incoming: Path, digest: str) -> None:
        """Give the file its name; one that is there already stays: it has the same content."""
        target = self.path(digest)
        target.parent.mkdir(exist_ok=True)
        while not self._is_stored(incoming, digest):
            pass  # dropped at this moment
        if self.durable:
            sync_to_disk(target.parent)
            sync_to_disk(self.root)
        self._crash("file-kept")

    def _is_stored(self, incoming: Path, digest: str) -> bool:
        """Return whether the file is there under its name, this one or the same of before."""
        try:
            os.link(incoming, self.path(digest))
        except FileExistsError:
            with self._held(digest) as there:
                if there:
                    os.utime(self.path(digest))  # whoever would drop it sees that it was stored again
            return there
        return True

    @contextmanager
    def _held(self, sha256: str) -> Iterator[bool]:
        """Hold a file until the end of the block: one at a time drops, renews or stores it again; False where there is none."""
        while True:
            try:
                file = self.path(sha256).open("r+b")
            except FileNotFoundError:
                yield False
                return
            with file:
                fcntl.flock(file, fcntl.LOCK_EX)
                if self._is_at(sha256, os.fstat(file.fileno())):  # else whoever held it before took it away
                    yield True
                    return

    def _is_at(self, sha256: str, status: os.stat_result) -> bool:
        try:
            return os.path.samestat(status, self.path(sha256).stat())
        except FileNotFoundError:
            return False


class FilesInMemory(FolderFiles):
    """The same for a database in memory: what it keeps goes with the process, touches no disk and is not encrypted."""

    def __init__(self, root: Path) -> None:
        super().__init__(root, durable=False)
        self._kept: dict[str, bytes] = {}
        self._stored: Counter[str] = Counter()

    def open(self, sha256: str) -> BinaryIO:
        """Open a stored file for reading; raises NotFound."""
        if sha256 not in self._kept:
            raise missing("文件", "file", sha256)
        return io.BytesIO(self._kept[sha256])

    def stamp(self, sha256: str) -> str:
        """Return how often the content was stored, "" where it is not."""
        return str(self._stored[sha256]) if sha256 in self._kept else ""

    def drop(self, sha256: str, stamp: str) -> bool:
        """Forget a file unless it was stored again since it bore ``stamp``."""
        return self.stamp(sha256) == stamp and self._kept.pop(sha256, None) is not None

    def names(self) -> Iterator[str]:
        """Return the SHA-256 of every stored file, in order."""
        yield from sorted(self._kept)

    def _tried(self) -> bool:
        return True

    def _put(self, content: BinaryIO | bytes) -> tuple[str, int]:
        whole = io.BytesIO()
        digest, size = copy_content(content, whole)
        self._kept[digest] = whole.getvalue()
        self._stored[digest] += 1
        return digest, size


def open_files(
    place: Path | S3Place, *, durable: bool = True, crash: Crash = live_on, keys: DataKeys | None = None
) -> FileStore:
    """Return the files in a folder or in a bucket, encrypted under ``keys``; nothing is looked at yet."""
    if isinstance(place, Path):
        return FolderFiles(place, durable=durable, crash=crash, keys=keys)
    from service.store.files.s3_files import S3Files  # loads a library that a folder does without

    return S3Files(place, crash=crash, keys=keys)
