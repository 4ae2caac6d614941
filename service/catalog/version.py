"""The version of a package: a hash of everything its meaning depends on."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice, product
from typing import Protocol

from service.catalog.bpmn.model import Diagram
from service.catalog.tree import Files
from service.sdk.operations import Operation


def called_operations(diagrams: Iterable[Diagram], operations: Mapping[str, Operation]) -> tuple[str, ...]:
    """Return ``id@version`` of the operations that the diagrams call, sorted; ``id@?`` for unknown ones."""
    names = {e.operation.operation for d in diagrams for e in d.elements.values() if e.operation}
    return tuple(f"{name}@{operations[name].version if name in operations else '?'}" for name in sorted(names))


class Digest(Protocol):
    """What hashes: as hashlib makes it."""

    def update(self, data: bytes, /) -> None:
        """Go on with more bytes."""

    def copy(self) -> Digest:
        """Return another that goes on from here."""

    def hexdigest(self) -> str:
        """Return the digest so far in hexadecimal."""


_MOST = 20_000
"""So many ways in which operations may have moved on are tried."""
_UNKNOWN = 4
"""An operation that the program no longer has is tried with versions below this."""


def version_of(files: Files, operations: Iterable[str]) -> str:
    """Return the SHA-256 (hex) over the files with their paths and the operations called."""
    return _with_operations(_over_files(files), operations)


def is_version_of(version: str, files: Files, diagrams: Iterable[Diagram], operations: Mapping[str, Operation]) -> bool:
    """Return whether ``version`` was made from these files; the operations called may have moved on since."""
    over = _over_files(files)
    return any(_with_operations(over, called) == version for called in _called_then(diagrams, operations))


def _called_then(diagrams: Iterable[Diagram], operations: Mapping[str, Operation]) -> Iterator[tuple[str, ...]]:
    """Yield what the diagrams may have called when they were published: today's versions first, then earlier ones."""
    now = [name.partition("@")[::2] for name in called_operations(diagrams, operations)]
    each = [range(int(last), 0, -1) if last != "?" else ("?", *range(1, _UNKNOWN)) for _, last in now]
    for versions in islice(product(*each), _MOST):
        yield tuple(f"{name}@{number}" for (name, _), number in zip(now, versions, strict=True))


def _over_files(files: Files) -> Digest:
    digest = hashlib.sha256()
    for path in sorted(files):
        digest.update(f"{path}\0{hashlib.sha256(files[path]).hexdigest()}\n".encode())
    return digest


def _with_operations(over: Digest, operations: Iterable[str]) -> str:
    digest = over.copy()
    for operation in operations:
        digest.update(f"{operation}\n".encode())
    return digest.hexdigest()


_MOMENT = (2020, 1, 1, 0, 0, 0)
_SUMS = "processes/exported.sha256"
"""Member with the SHA-256 of every file, as sha256sum reads it."""


def pack_folder(files: Mapping[str, bytes]) -> bytes:
    """Return ``files`` as a zip that says what they were; the same files give the same bytes."""
    out = io.BytesIO()
    sums = "".join(f"{hashlib.sha256(files[path]).hexdigest()}  {path}\n" for path in sorted(files))
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, data in sorted({**files, _SUMS: sums.encode()}.items()):
            archive.writestr(zipfile.ZipInfo(path, _MOMENT), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()
