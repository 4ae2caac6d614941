"""Build the drawable parts of a form from its model and values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import cast

from markupsafe import Markup

from service.domain.forms import Form, ReadableForm, State
from service.domain.forms.expressions import FormExpression
from service.domain.forms.limits import is_required, name_of
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
    dotted,
    pattern,
)
from service.domain.forms.normal import NormalField, normal_fields
from service.domain.forms.state import inside
from service.web.forms.controls import Control, control_of, files_of, posted_values
from service.web.forms.layout import FULL, Dependencies, PlacedNode, placed_nodes
from service.web.forms.look import Look, element_id, plain_words, words_of
from service.web.forms.parts import (
    NOTHING,
    Field,
    ListRow,
    Part,
    Region,
    RowList,
    Section,
)
from service.web.forms.shown import NodePlace, columns_of, shown_part, with_rows_needed


@dataclass(slots=True)
class Builder:
    """Builds the parts of one form: filled in with ``values``, or, where it is ``read``, as its reader reads it."""

    form: Form
    values: Mapping[str, object]
    look: Look
    errors: Mapping[str, str] = field(default_factory=dict)
    read: ReadableForm | None = None
    state: State = field(init=False)
    feeds: Dependencies = field(init=False)
    placed: Mapping[int, tuple[PlacedNode, ...]] = field(init=False)
    masked: frozenset[str] = frozenset()
    findings: Mapping[Path, NormalField] = field(init=False)

    def __post_init__(self) -> None:
        if self.read is None:
            self.values = with_rows_needed(self.form.nodes, self.values)
            self.state = self.form.state(
                self.values, today=self.look.today, stored=self.look.stored, withheld=self.look.shut
            )
        else:
            self.values, self.state, self.masked = self.read.values, self.read.state, self.read.masked_paths
        self.feeds, self.placed = Dependencies.of(self.form), placed_nodes(self.form)
        open_ones = normal_fields(self.form.nodes, self.state) if self.editing and self.look.findings else ()
        self.findings = {one.path: one for one in open_ones if one.is_choice}

    @property
    def editing(self) -> bool:
        """Whether people can enter something."""
        return self.read is None

    def build(self) -> tuple[Part, ...]:
        """Return the parts of the whole form."""
        return self.parts(self.form.nodes, self.state.values, self.values, self.state.scope(), ())

    def parts(
        self, nodes: tuple[FormNode, ...], values: Values, raw: object, scope: Mapping[str, object], path: Path
    ) -> tuple[Part, ...]:
        """Return the parts of the nodes of one object; ``raw`` is the object as it was typed."""
        typed = raw if isinstance(raw, Mapping) else {}
        shown = self.placed.get(id(nodes), ())  # none where a group is empty
        found = (self._wrapped(one, values, typed, scope, path) for one in shown)
        return tuple(part for part in found if part is not None)

    def _wrapped(
        self, one: PlacedNode, values: Values, typed: Mapping[str, object], scope: Mapping[str, object], path: Path
    ) -> Part | None:
        node = one.node
        hidden = (path, node.id) in self.state.hidden
        alone = not self.editing or not one.dynamic or (isinstance(node, Computed) and not node.label.zh)
        part = None if hidden else self.part(NodePlace(node, values, typed, scope, path, one.span if alone else FULL))
        if alone:
            return part
        inner = (part,) if part else ()
        kept = tuple(self._kept(node, typed, path)) if hidden else ()
        ident = element_id("r", (*path, node.id))
        return Region(id=ident, parts=inner, span=one.span, holds_inputs=_keeps_typing(node), kept=kept)

    def _kept(self, node: FormNode, typed: Mapping[str, object], path: Path) -> Iterator[tuple[str, str]]:
        """Yield (name, value) of what was typed in the fields of a part that is now hidden."""
        if isinstance(node, Group):
            inner = typed if node.path is None else typed.get(node.path)
            for child in node.children if isinstance(inner, Mapping) else ():
                yield from self._kept(
                    child, cast("Mapping[str, object]", inner), (*path, node.path) if node.path else path
                )
        elif isinstance(node, Input):
            yield from ((dotted((*path, node.key)), value) for value in posted_values(node, typed.get(node.key)))

    def part(self, place: NodePlace) -> Part | None:
        """Return the part of one node."""
        node = place.node
        if isinstance(node, Input):
            return self._field(node, place)
        if isinstance(node, Computed):
            return self._computed(node, place)
        if isinstance(node, Group):
            return self._section(node, place)
        if isinstance(node, Rows):
            return self._rows(node, place)
        return shown_part(node, place, self.look) if isinstance(node, Shown) else None

    def _field(self, node: Input, place: NodePlace) -> Field:
        here, look = (*place.path, node.key), self.look
        shut = bool(self.masked) and pattern(here) in self.masked
        locked = (place.path, node.id) in self.state.locked
        open_ = self.editing and not locked and not shut
        name = dotted(here)
        control = self._control(node, place, here) if open_ else self._read(node, place, shut=shut)
        return Field(
            id=element_id(f"{look.apart}f", here),
            name=name,
            label=look.say(name_of(node)),
            span=place.span,
            error=self.errors.get(name, ""),
            required=self.editing and not locked and is_required(node, place.scope, self.state.today),
            cites=self._beside(node, here),
            beside=look.beside(node) if open_ and look.beside else NOTHING,
            live=open_ and self.feeds.feeds(here),
            focus=open_ and look.focus is not None and dotted(place.path) == look.focus and _is_first(node, place),
            **control,
        )

    def _control(self, node: Input, place: NodePlace, here: Path) -> Control:
        return control_of(node, place.typed.get(node.key), place.scope, self.look, self.findings.get(here))

    def _read(self, node: Input, place: NodePlace, *, shut: bool) -> Control:
        """Return a field that nobody fills in here; of one that is ``shut`` to the reader what its mask left."""
        value, look = place.values[node.key], self.look
        hint = look.say(node.hint) if self.editing else ""
        words = str(value or "—") if shut else words_of(node, value, place.scope, look)
        if node.type is InputType.UPLOAD and not shut:
            return Control(control="files", hint=hint, value=words, files=files_of(value, look))
        if node.readonly is True and node.type is InputType.TEXTAREA and not shut and "\n" in words:
            lines = tuple(look.line(one.rstrip("；; ")) for one in words.splitlines() if one.strip())
            return Control(control="lines", hint=hint, value=words, lines=lines)
        return Control(control="value", hint=hint, value=words)

    def _computed(self, node: Computed, place: NodePlace) -> Field | None:
        if not node.label.zh:
            return None
        return Field(
            control="computed",
            id=element_id(f"{self.look.apart}f", (*place.path, node.key)),
            name="",
            label=self.look.say(node.label),
            span=place.span,
            hint=self.look.say(node.hint),
            cites=self._cites(node),
            value=plain_words(place.values[node.key], self.look),
        )

    def _beside(self, node: FormNode, here: Path) -> Markup:
        """Return what stands beside a label: that the part must be corrected, and its citations."""
        cites, marked = self._cites(node), self.look.marked
        if not marked or not here or pattern(here) not in marked:
            return cites
        words = self.look.t("须补正", "to be corrected")
        return Markup('<span class="tag tag-late">{}</span> ').format(words) + cites

    def _section(self, node: Group, place: NodePlace) -> Part:
        inner, scope, path = next(inside(node, place.values, place.scope, place.path))
        raw = place.typed if node.path is None else place.typed.get(node.path)
        return Section(
            id=element_id(f"{self.look.apart}f", path if node.path else (*place.path, node.id)),
            label=self.look.say(node.label),
            parts=self.parts(node.children, inner, raw, scope, path),
            span=place.span,
            hint=self.look.say(node.hint),
            error=self.errors.get(dotted(path), "") if node.path else "",
            cites=self._beside(node, path if node.path else ()),
            findings=node.id if any(one.group == node.id for one in self.findings.values()) else "",
        )

    def _rows(self, node: Rows, place: NodePlace) -> RowList:
        here = (*place.path, node.path)
        raw = place.typed.get(node.path)
        typed = raw if isinstance(raw, list) else []
        rows = tuple(
            ListRow(
                name=dotted(path),
                title=self.look.t(f"第 {index + 1} 项", f"No. {index + 1}"),
                parts=self.parts(node.children, row, typed[index] if index < len(typed) else {}, scope, path),
            )
            for index, (row, scope, path) in enumerate(inside(node, place.values, place.scope, place.path))
        )
        columns = columns_of(node, self.look)
        if columns:
            rows = tuple(replace(row, parts=_in_cells(row)) for row in rows)
        shut = any(name.startswith(f"{pattern(here)}[]") for name in self.look.shut)
        free = self.editing and node.adjustable and not shut
        return RowList(
            id=element_id(f"{self.look.apart}f", here),
            name=dotted(here),
            label=self.look.say(node.label),
            rows=rows,
            columns=columns,
            span=place.span,
            hint=self.look.say(node.hint),
            error=self.errors.get(dotted(here), ""),
            cites=self._beside(node, here),
            editable=self.editing,
            can_add=free and len(rows) < node.max_rows,
            can_remove=free and len(rows) > node.min_rows,
        )

    def _cites(self, node: FormNode) -> Markup:
        return self.look.cite(node.clauses) if self.look.cite is not None and node.clauses else NOTHING


def _keeps_typing(node: FormNode) -> bool:
    """Return whether a region has fields that need no redrawing as long as it stays open."""
    if isinstance(node, Input):
        return not any(isinstance(one, FormExpression) for one in (node.options, node.readonly, node.disabled))
    return isinstance(node, Group | Rows)


def _in_cells(row: ListRow) -> tuple[Part, ...]:
    return tuple(replace(part, row=row.title) if isinstance(part, Region) else part for part in row.parts)


def _is_first(node: Input, place: NodePlace) -> bool:
    return place.typed == {} and next(iter(place.values), None) == node.key
