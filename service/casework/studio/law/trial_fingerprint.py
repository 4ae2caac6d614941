"""What the trial of a clause rests on: the files that its plays read, so that another change keeps what was found."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256

from service.casework.studio.drafts.draft_tree import hash_of
from service.catalog import Package
from service.catalog.law.clause_trials import ClauseTrial
from service.catalog.mutants import Mutant, content_mutants, taken_out_mutants
from service.catalog.played_version import played_files, played_version
from service.catalog.tree import Files, stem
from service.catalog.version import called_operations

_WORD = re.compile(rb"[\w-]+")
Changes = Mapping[str, tuple[Mutant, ...]]
"""By clause what may be changed of that which cites it: elements taken out first."""


def changes_of(package: Package) -> Changes:
    """Return the changes of every clause of ``package``, worked out once for each version."""
    return package.derived("changes of clauses", lambda: _changes(package))


def _changes(package: Package) -> Changes:
    found: dict[str, list[Mutant]] = {}
    for mutant in (*taken_out_mutants(package).values(), *content_mutants(package).values()):
        for clause in mutant.clauses:
            found.setdefault(clause, []).append(mutant)
    return {clause: tuple(some) for clause, some in found.items()}


def claims_of(package: Package) -> dict[str, tuple[str, ...]]:
    """Return by clause the files of the scenarios that claim to prove it, and look at what comes of it."""
    found: dict[str, dict[str, None]] = {}
    for proof in package.proofs:
        if proof.looks:
            found.setdefault(proof.clause, {})[proof.scenario] = None
    return {clause: tuple(paths) for clause, paths in found.items()}


def files_read(package: Package, changes: Iterable[Mutant], visits: Iterable[str]) -> tuple[str, ...]:
    """Return the files of ``package`` that plays through ``visits`` ("process/element") read, and those that change.

    A diagram is read where a case comes to it; a form, document or table where something that is read names it. All
    else (award, law, parameters, scoring) is read by every play.
    """
    processes = {visit.partition("/")[0] for visit in visits}
    diagrams = {path for path, d in package.diagrams.items() if d.process_id in processes}
    named = _named(package)
    apart = {*package.diagrams, *(path for paths in named.values() for path in paths)}
    read = {*(package.files.keys() - apart), *diagrams, *(m.target for m in changes if m.target in package.files)}
    waiting = list(read)
    while waiting:
        words = set(_WORD.findall(package.files[waiting.pop()]))
        found = {path for word in words & named.keys() for path in named[word]} - read
        read |= found
        waiting.extend(found)
    return tuple(sorted(read))


def _named(package: Package) -> dict[bytes, set[str]]:
    """Return forms, documents and tables by the words that name them: the name of the file, and their ids."""
    found: dict[bytes, set[str]] = {}
    pieces = [
        *package.forms.items(),
        *((name, one.file) for name, one in package.documents.items()),
        *((name, one.file) for name, one in package.tables.items()),
    ]
    for name, path in pieces:
        for word in (name.rpartition("/")[2], stem(path)):
            found.setdefault(word.encode(), set()).add(path)
    return found


class TrialMarks:
    """The marks of the trials of one draft as it is; each file is looked at once."""

    def __init__(self, package: Package, files: Files) -> None:
        self._package, self._files, self._read = package, files, played_files(package)
        self._changes, self._claims = changes_of(package), claims_of(package)
        self._hashes: dict[str, str] = {}
        self._operations = ",".join(called_operations(package.diagrams.values(), package.operations))

    def of(self, clause: str, reads: Iterable[str], whole: bool) -> str:
        """Return the mark of the trial of ``clause`` that read ``reads``: SHA-256 in hexadecimal.

        ``whole`` marks the whole package: where a scenario fails anyway, any file, a new one too, may be what mends it.
        """
        return sha256("\n".join(self._parts(clause, reads, whole)).encode()).hexdigest()

    def holds(self, trial: ClauseTrial) -> bool:
        """Return whether what ``trial`` rests on is as it was."""
        return trial.mark == self.of(trial.clause, trial.reads, whole=bool(trial.red))

    def _parts(self, clause: str, reads: Iterable[str], whole: bool) -> Iterator[str]:
        if whole:
            yield played_version(self._package)
        yield self._operations
        yield from (mutant.id for mutant in self._changes.get(clause, ()))
        yield from (self._line(self._files, path) for path in self._claims.get(clause, ()))
        yield from (self._line(self._read, path) for path in reads)

    def _line(self, files: Files, path: str) -> str:
        if path not in self._hashes:
            self._hashes[path] = hash_of(files.get(path))
        return f"{path} {self._hashes[path]}"
