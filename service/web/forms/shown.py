"""Display components of a form: texts, pictures, tables, separators."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from service.domain.forms.expressions import FormExpression
from service.domain.forms.model import FormNode, Path, Shown, ShownType, Values
from service.domain.translation import translated
from service.web.forms.layout import FULL
from service.web.forms.look import Look
from service.web.forms.parts import Grid, Part, Picture, Prose, Separator
from service.web.forms.prose import inline, prose
from service.web.forms.wording import plain_words


@dataclass(frozen=True, slots=True)
class NodePlace:
    """A node where it stands: the object it belongs to, as FEEL values and as typed."""

    node: FormNode
    values: Values
    typed: Mapping[str, object]
    scope: Mapping[str, object]
    path: Path
    span: int = FULL


def shown_part(node: Shown, place: NodePlace, look: Look) -> Part:
    """Return the part of a display component."""
    if node.type is ShownType.TEXT:
        words = [_piece(piece, place, look) for piece in node.pieces_in(look.language)]
        rest = words[1:] if lead(node, look) else words
        said, short = (translated("".join(found), look.language) for found in (words, rest))
        return Prose(html=prose(said), inline=inline(short), span=place.span)
    if node.type is ShownType.IMAGE:
        source = _piece(node.source or "", place, look)
        return Picture(source=source if source.startswith("/") else "", label=look.say(node.label), span=place.span)
    if node.type in (ShownType.TABLE, ShownType.DOCUMENTS):
        return _grid(node, place, look)
    return Separator(blank=node.type is ShownType.SPACER, span=place.span)


def lead(node: FormNode, look: Look) -> str:
    """Return the words before a text's first expression, which head its column in a table of rows."""
    pieces = node.pieces_in(look.language) if isinstance(node, Shown) else ()
    return pieces[0].strip(" ：:") if len(pieces) > 1 and isinstance(pieces[0], str) else ""


def _piece(piece: str | FormExpression, place: NodePlace, look: Look) -> str:
    if isinstance(piece, str):
        return piece
    value = piece.value(place.scope, look.today)
    return value if isinstance(value, str) else plain_words(value, look)


def _grid(node: Shown, place: NodePlace, look: Look) -> Grid:
    found = node.source.value(place.scope, look.today) if isinstance(node.source, FormExpression) else None
    lines: Sequence[object] = found if isinstance(found, list) else []
    columns = node.columns_shown or ()
    keys = [column.value for column in columns] or ["fileName", "name"]
    return Grid(
        label=look.say(node.label),
        heads=tuple(look.say(column.label) for column in columns),
        lines=tuple(
            tuple(plain_words(line.get(key), look) for key in keys if columns or line.get(key))
            for line in lines
            if isinstance(line, Mapping)
        ),
        span=place.span,
    )
