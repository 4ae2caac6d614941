"""What a form shows besides fields: prose, grids, heads of columns."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from markupsafe import Markup, escape

from service.domain.forms import State
from service.domain.forms.expressions import FormExpression
from service.domain.forms.model import (
    Computed,
    FormNode,
    Group,
    Input,
    InputType,
    Path,
    Rows,
    Shown,
    Values,
    key_of,
)
from service.domain.forms.state import inside
from service.domain.translation import translate_sentence
from service.web.forms.layout import FULL
from service.web.forms.look import Look, Mode, plain_words
from service.web.forms.parts import ColumnHeading, Part, Prose

_LINK = re.compile(r"\[([^\]]+)\]\((/[^)\s]*|https?://[^)\s]+)\)")
_BOLD = re.compile(r"\*\*(.+?)\*\*")


def render_prose(text: str) -> Markup:
    """Return the text as safe HTML; headings begin at the second level, below the title of the page."""
    return Markup("\n").join(_iterate_blocks(text.splitlines()))


def render_inline(text: str) -> Markup:
    """Return one line of text as safe HTML, without a paragraph around it."""
    return _render_inline(" ".join(text.split()))


def _iterate_blocks(lines: list[str]) -> Iterator[Markup]:
    items: list[Markup] = []
    for line in [*(line.strip() for line in lines), ""]:
        bullet = re.match(r"[-*] +(.*)", line)
        if bullet:
            items.append(Markup("<li>{}</li>").format(_render_inline(bullet[1])))
            continue
        if items:
            yield Markup("<ul>{}</ul>").format(Markup("").join(items))
            items = []
        if line:
            yield _render_block(line)


def _render_block(line: str) -> Markup:
    heading = re.match(r"(#{1,4}) +(.*)", line)
    if heading:
        level = min(len(heading[1]) + 1, 4)
        return Markup("<h{0}>{1}</h{0}>").format(level, _render_inline(heading[2]))
    return Markup("<p>{}</p>").format(_render_inline(line))


def _render_inline(text: str) -> Markup:
    safe = str(escape(text))
    safe = _BOLD.sub(r"<strong>\1</strong>", safe)
    return Markup(_LINK.sub(r'<a href="\2">\1</a>', safe))  # noqa: S704  escaped above, then only our own tags


@dataclass(frozen=True, slots=True)
class NodePlace:
    """A node where it stands: the object it belongs to, as FEEL values and as typed."""

    node: FormNode
    values: Values
    typed: Mapping[str, object]
    scope: Mapping[str, object]
    path: Path
    span: int = FULL


def build_text_part(node: Shown, place: NodePlace, look: Look) -> Part:
    """Return the part of a text."""
    words = [_format_piece(piece, place, look) for piece in node.pieces_in(look.language)]
    rest = words[1:] if get_leading_words(node, look) else words
    text, short = (translate_sentence("".join(pieces), look.language) for pieces in (words, rest))
    return Prose(html=render_prose(text), inline=render_inline(short), span=place.span)


def get_leading_words(node: FormNode, look: Look) -> str:
    """Return the words before a text's first expression, which head its column in a table of rows."""
    pieces = node.pieces_in(look.language) if isinstance(node, Shown) else ()
    return pieces[0].strip(" ：:") if len(pieces) > 1 and isinstance(pieces[0], str) else ""


def _format_piece(piece: str | FormExpression, place: NodePlace, look: Look) -> str:
    if isinstance(piece, str):
        return piece
    value = piece.value(place.scope, look.today)
    return value if isinstance(value, str) else plain_words(value, look)


def places(nodes: tuple[FormNode, ...], state: State, typed: Mapping[str, object]) -> Iterator[tuple[Path, NodePlace]]:
    """Yield the fields, groups and lists that are shown, each with its path.

    A group without a path has its id in the place of one. What stands in the rows of a list has no place of its own.
    """
    return _iterate_places(nodes, state, state.values, typed, state.scope(), ())


def _iterate_places(
    nodes: tuple[FormNode, ...],
    state: State,
    values: Values,
    typed: Mapping[str, object],
    scope: Mapping[str, object],
    path: Path,
) -> Iterator[tuple[Path, NodePlace]]:
    for node in nodes:
        if node.unseen or (path, node.id) in state.hidden or isinstance(node, Shown):
            continue
        yield (*path, key_of(node) or node.id), NodePlace(node, values, typed, scope, path)  # type: ignore[arg-type]
        if isinstance(node, Group):
            inner, around, inner_path = next(inside(node, values, scope, path))
            raw = typed if node.path is None else typed.get(node.path)
            yield from _iterate_places(
                node.children, state, inner, raw if isinstance(raw, Mapping) else {}, around, inner_path
            )


_TABLE_INPUTS = {
    InputType.TEXTFIELD, InputType.NUMBER, InputType.DATE, InputType.TIME, InputType.SELECT, InputType.CHECKBOX
}  # fmt: skip
_TABLE_COLUMNS = 7


def columns_of(node: Rows, look: Look) -> tuple[ColumnHeading, ...]:
    """Return the columns of rows that fit a table; none when the rows need cards."""
    drawn = [c for c in node.children if not c.unseen and (not isinstance(c, Computed) or c.label.zh)]
    plain = all(
        (isinstance(child, Input) and child.type in _TABLE_INPUTS) or isinstance(child, Computed | Shown)
        for child in drawn
    )
    if not plain or len(drawn) > _TABLE_COLUMNS:
        return ()
    return tuple(
        ColumnHeading(
            label=get_leading_words(child, look) or look.say(child.label),
            number=isinstance(child, Input) and child.type is InputType.NUMBER,
            required=isinstance(child, Input) and child.required and child.hide is None and look.mode is Mode.EDIT,
        )
        for child in drawn
    )


def with_rows_needed(nodes: tuple[FormNode, ...], values: Mapping[str, object]) -> dict[str, object]:
    """Return the values with an empty row wherever a list that is to be filled has fewer rows than it must have."""
    result = dict(values)
    for node in nodes:
        if isinstance(node, Group) and node.path is None:
            result |= with_rows_needed(node.children, result)
        elif isinstance(node, Group) and isinstance(inner := result.get(node.path or ""), Mapping):
            result[node.path or ""] = with_rows_needed(node.children, inner)
        elif isinstance(node, Rows) and node.adjustable and node.min_rows:
            value = result.get(node.path)
            rows = list(value) if isinstance(value, list) else []
            result[node.path] = [*rows, *({} for _ in range(node.min_rows - len(rows)))]
    return result
