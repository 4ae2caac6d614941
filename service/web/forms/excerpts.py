"""Excerpts of a submitted form: what it says at some of its places, to stand beside the fields of another form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from service.domain.forms import Form
from service.web.forms.addresses import path_of
from service.web.forms.build import Builder
from service.web.forms.look import Look, Mode
from service.web.forms.parts import Field, File, Part, Region, RowList, Section
from service.web.forms.places import places

_BLANK = ("", "—")


@dataclass(frozen=True, slots=True)
class Excerpt:
    """What a form says at one place: a value in words or files, "" and none where it was left blank."""

    label: str
    value: str
    files: tuple[File, ...] = ()


class Excerpts:
    """A submitted form, of which only what is asked for is drawn; masked unless ``look`` reveals."""

    def __init__(self, form: Form, values: Mapping[str, object], look: Look) -> None:
        self._builder = Builder(form, values, replace(look, mode=Mode.READ))
        self._builder.mask()
        self._places = dict(places(form.nodes, self._builder.state, self._builder.values))

    def at(self, path: str) -> tuple[Excerpt, ...]:
        """Return what stands at a field, group or list; nothing where it is not shown."""
        place = self._places.get(path_of(path))
        part = self._builder.part(place) if place is not None else None
        return tuple(_said(part)) if part is not None else ()


def _said(part: Part) -> Iterator[Excerpt]:
    if isinstance(part, Field):
        yield Excerpt(part.label, "" if part.value in _BLANK else part.value, part.files)
    elif isinstance(part, RowList):
        files = tuple(file for row in part.rows for file in _files(row.parts))
        rows = ("、".join(one for one in _cells(row.parts) if one) for row in part.rows)
        yield Excerpt(part.label, "；".join(row for row in rows if row), files)
    elif isinstance(part, Section | Region):
        for inner in part.parts:
            yield from _said(inner)


def _cells(parts: tuple[Part, ...]) -> Iterator[str]:
    return (said.value for part in parts for said in _said(part))


def _files(parts: tuple[Part, ...]) -> Iterator[File]:
    return (file for part in parts for said in _said(part) for file in said.files)
