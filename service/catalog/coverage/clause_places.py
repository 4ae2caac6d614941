"""What names a clause, in words: the parameter, element, row, field or letter that cites it, else the whole file that says it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from service.catalog.coverage.matrix import ClauseSource, matrix
from service.catalog.law.clause_uses import ClauseUse
from service.catalog.package import Package


@dataclass(frozen=True, slots=True)
class ClausePlace:
    """A place in the file ``path`` that names a clause; ``source`` is what cites it there, None where the file says it otherwise."""

    path: str
    source: ClauseSource | None


def clause_places(
    package: Package, uses: Iterable[ClauseUse], clauses: Collection[str], seen_to: Collection[ClauseSource] = ()
) -> tuple[ClausePlace, ...]:
    """Return what names ``clauses`` in the files of ``uses``, each once; of what cites them that is not ``seen_to`` already."""
    citing: dict[str, list[ClauseSource]] = {}
    for source in matrix([package]).places:
        if source not in seen_to and not set(clauses).isdisjoint(source.clauses):
            citing.setdefault(source.file, []).append(source)
    paths = dict.fromkeys(use.path for use in uses)
    return tuple(ClausePlace(path, source) for path in paths for source in citing.get(path, (None,)))
