"""The order of parts after two people changed them."""

from __future__ import annotations

from service.catalog.merge.records import Key


def merged_order(
    base: tuple[Key, ...], ours: tuple[Key, ...], theirs: tuple[Key, ...]
) -> tuple[tuple[Key, ...], tuple[Key, ...]]:
    """Return two orders of all parts, ours first and theirs first; they are the same unless both moved the same parts.

    What only one side has follows what stands before it there.
    """
    common = set(ours) & set(theirs)
    one, other = _among(ours, common), _among(theirs, common)
    if one == other or _among(base, common) == other:
        joined = _with(ours, theirs)
        return joined, joined
    if _among(base, common) == one:
        joined = _with(theirs, ours)
        return joined, joined
    return _with(ours, theirs), _with(theirs, ours)


def _among(parts: tuple[Key, ...], common: set[Key]) -> list[Key]:
    return [part for part in parts if part in common]


def _with(leading: tuple[Key, ...], added: tuple[Key, ...]) -> tuple[Key, ...]:
    found = list(leading)
    known = set(found)
    place = -1
    for part in added:
        if part in known:
            place = found.index(part)
        else:
            place += 1
            found.insert(place, part)
    return tuple(found)
