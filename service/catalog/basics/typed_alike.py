"""Whether what somebody typed into a field of an entry says the same as what stands there."""

from __future__ import annotations

import re

from service.catalog.basics.sections import EntryField, EntryInput

_APART = re.compile("[\\s，,、]+")


def typed_alike(field: EntryField, one: str, other: str) -> bool:
    """Tell whether two texts of a field say the same: of several that are ticked the order says nothing, a page sends its own."""
    if field.input is EntryInput.SEVERAL:
        return set(_APART.split(one.strip())) == set(_APART.split(other.strip()))
    return _plain(one) == _plain(other)


def _plain(typed: str) -> str:
    return "\n".join(line.rstrip() for line in typed.strip().splitlines())
