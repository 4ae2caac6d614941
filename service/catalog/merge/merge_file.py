"""Merge one file that two people changed: by record where its kind has records, else as a whole."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from service.catalog.layout.drawn import drawn_to_merge
from service.catalog.merge.described import fields_of, name_of, subject_of
from service.catalog.merge.forms import COMPONENT
from service.catalog.merge.kinds import KINDS
from service.catalog.merge.records import Key, NoRecords, Record, Records
from service.catalog.merge.three_way import RecordClash, Side, merge_records
from service.catalog.merge.words import field_word
from service.catalog.source.formatting import format_file
from service.domain.errors import LaurelError
from service.domain.text import Text

WHOLE = "whole"
"""The id of the conflict where a file is not merged by record."""


@dataclass(frozen=True, slots=True)
class FieldConflict:
    """One thing that a record says, before and on both sides; None where it says nothing of it."""

    name: str
    label: Text
    base: str | None
    ours: str | None
    theirs: str | None


@dataclass(frozen=True, slots=True)
class MergeConflict:
    """What both sides changed differently. ``id`` is what a choice names, ``element`` is to be marked on the diagram.

    ``removed`` is the side that took it out, None where both have it; ``because`` is what the other side did with it.
    """

    id: str
    element: str
    subject: Text
    fields: tuple[FieldConflict, ...] = ()
    removed: Side | None = None
    because: Text | None = None


@dataclass(frozen=True, slots=True)
class Merged:
    """A merged file (``content`` None: removed), or the conflicts that are to be chosen first."""

    content: bytes | None
    conflicts: tuple[MergeConflict, ...] = ()


def merge_file(
    path: str,
    base: bytes | None,
    ours: bytes | None,
    theirs: bytes | None,
    chosen: Mapping[str, Side] | None = None,
) -> Merged:
    """Return the file with the changes of both sides since ``base``, in the stable format; None is a file that is not there.

    Files of which nothing is read (layouts, or not readable) merge as a whole: both changed is one conflict.
    ``chosen`` says which side a conflict takes, by its id; what it does not name is returned as conflict.
    """
    choices = chosen or {}
    if ours == theirs or theirs == base:
        return Merged(ours)
    if ours == base:
        return Merged(theirs)
    kind = KINDS.get(PurePosixPath(path).suffix)
    if kind is None or base is None or ours is None or theirs is None:
        return _whole(path, ours, theirs, choices)
    try:
        sides = drawn_to_merge(path, base, ours, theirs)
        three = [kind.take_apart(content, path) for content in sides]
        return _by_record(path, three, kind.put_together, choices)
    except (NoRecords, LaurelError):
        return _whole(path, ours, theirs, choices)


def _by_record(
    path: str, three: list[Records], put_together: Callable[[Records], bytes], choices: Mapping[str, Side]
) -> Merged:
    base, ours, theirs = three
    known = {key for side in three for key in side.items}
    keys = {"/".join(key): key for part in known for key in (part, ("order", *part))}
    by_key = {keys[ident]: side for ident, side in choices.items() if ident in keys}
    found, clashes = merge_records(base, ours, theirs, by_key)
    if clashes:
        names = {key: name_of(key, record) for side in three for key, record in side.items.items()}
        return Merged(None, tuple(_described(clash, three, names) for clash in clashes))
    return Merged(format_file(path, put_together(found)))


def _described(clash: RecordClash, three: list[Records], names: Mapping[Key, str]) -> MergeConflict:
    known = clash.ours or clash.theirs or clash.base
    assert known is not None
    ident, key = "/".join(clash.key), clash.key[1:] if clash.order else clash.key
    subject = subject_of(key, known, names)
    if clash.order:
        subject = Text(f"{subject.zh}的顺序", f"Order in {subject.en}")
        sides = [_ordered(side, key, names) for side in three]
        return MergeConflict(ident, key[-1], subject, (FieldConflict("order", field_word("order"), *sides),))
    removed = Side.OURS if clash.ours is None else (Side.THEIRS if clash.theirs is None else None)
    because = None
    if clash.because is not None:
        user = next(side.items[clash.because] for side in three[1:] if clash.because in side.items)
        used = subject_of(clash.because, user, names)
        because = Text(f"另一方的{used.zh}要用到它", f"The other side's {used.en} needs it")
    return MergeConflict(ident, key[-1], subject, _fields(key, clash), removed, because)


def _ordered(side: Records, key: Key, names: Mapping[Key, str]) -> str:
    return "、".join(names.get(part, part[-1]) for part in side.order.get(key, ()))


def _fields(key: Key, clash: RecordClash) -> tuple[FieldConflict, ...]:
    """Return what differs between the three; where a side has no such record, what the others say."""
    base, ours, theirs = (_said(key, record) for record in (clash.base, clash.ours, clash.theirs))
    names = dict.fromkeys((*(base or {}), *(ours or {}), *(theirs or {})))
    rows = [
        FieldConflict(
            n,
            field_word(n, of_form=key[0] == COMPONENT),
            *(side.get(n) if side else None for side in (base, ours, theirs)),
        )
        for n in names
    ]
    return tuple(row for row in rows if not row.base == row.ours == row.theirs)


def _said(key: Key, record: Record | None) -> dict[str, str] | None:
    return None if record is None else fields_of(key, record)


def _whole(path: str, ours: bytes | None, theirs: bytes | None, choices: Mapping[str, Side]) -> Merged:
    if WHOLE in choices:
        return Merged(ours if choices[WHOLE] is Side.OURS else theirs)
    removed = Side.OURS if ours is None else (Side.THEIRS if theirs is None else None)
    name = PurePosixPath(path).name
    return Merged(
        None, (MergeConflict(WHOLE, "", Text(f"整个文件“{name}”", f"The whole file “{name}”"), removed=removed),)
    )
