"""The version of a package: a hash of everything its meaning depends on."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping

from service.catalog.bpmn.model import Diagram
from service.catalog.tree import Files
from service.sdk.operations import Operation


def called_operations(diagrams: Iterable[Diagram], operations: Mapping[str, Operation]) -> tuple[str, ...]:
    """Return ``id@version`` of the operations that the diagrams call, sorted; ``id@?`` for unknown ones."""
    names = {e.operation.operation for d in diagrams for e in d.elements.values() if e.operation}
    return tuple(f"{name}@{operations[name].version if name in operations else '?'}" for name in sorted(names))


def version_of(files: Files, operations: Iterable[str]) -> str:
    """Return the SHA-256 (hex) over the files with their paths and the operations called."""
    digest = hashlib.sha256()
    for path in sorted(files):
        digest.update(f"{path}\0{hashlib.sha256(files[path]).hexdigest()}\n".encode())
    for operation in operations:
        digest.update(f"{operation}\n".encode())
    return digest.hexdigest()
