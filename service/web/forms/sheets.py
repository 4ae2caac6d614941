"""Fields that stand in no group get a sheet of their own, so that no field lies on the bare ground of the page."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from service.web.forms.parts import Field, Grid, Part, Prose, Region, RowList, Section


def on_sheets(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """Return the parts of the page with every run of fields outside groups as a section without a heading."""
    return tuple(_sheets(parts))


def _sheets(parts: tuple[Part, ...]) -> Iterator[Part]:
    for framed, run in groupby(parts, key=_is_framed):
        members = tuple(run)
        first = next((n for n, part in enumerate(members) if _needs_ground(part)), None)
        if framed or first is None:
            yield from members
            continue
        yield from members[:first]
        yield Section(id=f"sheet-{_name(members[first])}", label="", parts=members[first:])


def _is_framed(part: Part) -> bool:
    inner = part.parts if isinstance(part, Region) else (part,)
    return any(isinstance(one, Section | RowList) for one in inner)


def _needs_ground(part: Part) -> bool:
    inner = part.parts if isinstance(part, Region) else (part,)
    return any(isinstance(one, Field | Grid) for one in inner)


def _name(part: Part) -> str:
    return part.id if isinstance(part, Field | Region) else "table" if not isinstance(part, Prose) else "text"
