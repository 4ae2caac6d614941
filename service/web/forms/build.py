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
    format_dotted_path,
    format_path_pattern,
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
from service.web.forms.shown import NodePlace, build_text_part, columns_of, with_rows_needed


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
        self.findings = {finding.path: finding for finding in open_ones if finding.is_choice}

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
        visible_nodes = self.placed.get(id(nodes), ())  # none where a group is empty
        built_parts = (self._wrap_part(placed_node, values, typed, scope, path) for placed_node in visible_nodes)
        return tuple(part for part in built_parts if part is not None)

    def _wrap_part(
        self,
        placed_node: PlacedNode,
        values: Values,
        typed: Mapping[str, object],
        scope: Mapping[str, object],
        path: Path,
    ) -> Part | None:
        node = placed_node.node
        hidden = (path, node.id) in self.state.hidden
        silent = isinstance(node, Computed) and not node.label.zh
        alone = not self.editing or not placed_node.dynamic or silent
        part = (
            None
            if hidden
            else self.part(NodePlace(node, values, typed, scope, path, placed_node.span if alone else FULL))
        )
        emptied = hidden and not silent and bool(path) and isinstance(path[-1], int)
        if alone and not emptied:  # in a row an empty part keeps those after it below their heads
            return part
        inner = (part,) if part else ()
        typed_values = tuple(self._iterate_typed(node, typed, path)) if hidden and self.editing else ()
        ident = element_id("r", (*path, node.id))
        return Region(id=ident, parts=inner, span=placed_node.span, holds_inputs=_keeps_typing(node), kept=typed_values)

    def _iterate_typed(self, node: FormNode, typed: Mapping[str, object], path: Path) -> Iterator[tuple[str, str]]:
        """Yield (name, value) of what was typed in the fields of a part that is now hidden."""
        if isinstance(node, Group):
            inner = typed if node.path is None else typed.get(node.path)
            for child in node.children if isinstance(inner, Mapping) else ():
                yield from self._iterate_typed(
                    child, cast("Mapping[str, object]", inner), (*path, node.path) if node.path else path
                )
        elif isinstance(node, Input):
            yield from (
                (format_dotted_path((*path, node.key)), value) for value in posted_values(node, typed.get(node.key))
            )

    def part(self, place: NodePlace) -> Part | None:
        """Return the part of one node."""
        node = place.node
        if isinstance(node, Input):
            return self._build_field(node, place)
        if isinstance(node, Computed):
            return self._build_computed(node, place)
        if isinstance(node, Group):
            return self._build_section(node, place)
        if isinstance(node, Rows):
            return self._build_rows(node, place)
        return build_text_part(node, place, self.look) if isinstance(node, Shown) else None

    def _build_field(self, node: Input, place: NodePlace) -> Field:
        field_path, look = (*place.path, node.key), self.look
        shut = bool(self.masked) and format_path_pattern(field_path) in self.masked
        locked = (place.path, node.id) in self.state.locked
        open_ = self.editing and not locked and not shut
        name = format_dotted_path(field_path)
        control = (
            self._build_control(node, place, field_path) if open_ else self._build_readonly(node, place, shut=shut)
        )
        return Field(
            id=element_id(f"{look.apart}f", field_path),
            name=name,
            label=look.say(name_of(node)),
            span=place.span,
            error=self.errors.get(name, ""),
            required=self.editing and not locked and is_required(node, place.scope, self.state.today),
            cites=self._build_marks(node, field_path),
            beside=look.beside(node) if open_ and look.beside else NOTHING,
            live=open_ and self.feeds.feeds(field_path),
            focus=open_
            and look.focus is not None
            and format_dotted_path(place.path) == look.focus
            and _is_first(node, place),
            **control,
        )

    def _build_control(self, node: Input, place: NodePlace, field_path: Path) -> Control:
        return control_of(node, place.typed.get(node.key), place.scope, self.look, self.findings.get(field_path))

    def _build_readonly(self, node: Input, place: NodePlace, *, shut: bool) -> Control:
        """Return a field that nobody fills in here; of one that is ``shut`` to the reader what its mask left."""
        value, look = place.values[node.key], self.look
        hint = look.say(node.hint) if self.editing else ""
        words = str(value or "—") if shut else words_of(node, value, place.scope, look)
        if node.type is InputType.CHECKBOX and not (shut or value):
            words = look.t("未勾选", "not ticked")  # a dash beside a sentence would read as if the sentence held
        if node.type is InputType.UPLOAD and not shut:
            return Control(control="files", hint=hint, value=words, files=files_of(value, look))
        if node.readonly is True and node.type is InputType.TEXTAREA and not shut and "\n" in words:
            lines = tuple(look.line(line.rstrip("；; ")) for line in words.splitlines() if line.strip())
            return Control(control="lines", hint=hint, value=words, lines=lines)
        return Control(control="value", hint=hint, value=words)

    def _build_computed(self, node: Computed, place: NodePlace) -> Field | None:
        if not node.label.zh:
            return None
        return Field(
            control="computed",
            id=element_id(f"{self.look.apart}f", (*place.path, node.key)),
            name="",
            label=self.look.say(node.label),
            span=place.span,
            hint=self.look.say(node.hint),
            cites=self._build_citations(node),
            value=plain_words(place.values[node.key], self.look),
        )

    def _build_marks(self, node: FormNode, node_path: Path) -> Markup:
        """Return what stands beside a label: that the part must be corrected, and its citations."""
        cites, marked = self._build_citations(node), self.look.marked
        if not marked or not node_path or format_path_pattern(node_path) not in marked:
            return cites
        words = self.look.t("须补正", "to be corrected")
        return Markup('<span class="tag tag-late">{}</span> ').format(words) + cites

    def _build_section(self, node: Group, place: NodePlace) -> Part:
        inner, scope, path = next(inside(node, place.values, place.scope, place.path))
        raw = place.typed if node.path is None else place.typed.get(node.path)
        return Section(
            id=element_id(f"{self.look.apart}f", path if node.path else (*place.path, node.id)),
            label=self.look.say(node.label),
            parts=self.parts(node.children, inner, raw, scope, path),
            span=place.span,
            hint=self.look.say(node.hint),
            error=self.errors.get(format_dotted_path(path), "") if node.path else "",
            cites=self._build_marks(node, path if node.path else ()),
            findings=node.id if any(finding.group == node.id for finding in self.findings.values()) else "",
        )

    def _build_rows(self, node: Rows, place: NodePlace) -> RowList:
        rows_path = (*place.path, node.path)
        raw = place.typed.get(node.path)
        typed = raw if isinstance(raw, list) else []
        rows = tuple(
            ListRow(
                name=format_dotted_path(path),
                title=self.look.t(f"第 {index + 1} 项", f"No. {index + 1}"),
                parts=self.parts(node.children, row, typed[index] if index < len(typed) else {}, scope, path),
            )
            for index, (row, scope, path) in enumerate(inside(node, place.values, place.scope, place.path))
        )
        columns = columns_of(node, self.look)
        if columns:
            rows = tuple(replace(row, parts=_in_cells(row)) for row in rows)
        shut = any(name.startswith(f"{format_path_pattern(rows_path)}[]") for name in self.look.shut)
        free = self.editing and node.adjustable and not shut
        return RowList(
            id=element_id(f"{self.look.apart}f", rows_path),
            name=format_dotted_path(rows_path),
            label=self.look.say(node.label),
            rows=rows,
            columns=columns,
            span=place.span,
            hint=self.look.say(node.hint),
            error=self.errors.get(format_dotted_path(rows_path), ""),
            cites=self._build_marks(node, rows_path),
            editable=self.editing,
            can_add=free and len(rows) < node.max_rows,
            can_remove=free and len(rows) > node.min_rows,
        )

    def _build_citations(self, node: FormNode) -> Markup:
        return self.look.cite(node.clauses) if self.look.cite is not None and node.clauses else NOTHING


def _keeps_typing(node: FormNode) -> bool:
    """Return whether a region has fields that need no redrawing as long as it stays open."""
    if isinstance(node, Input):
        return not any(isinstance(setting, FormExpression) for setting in (node.options, node.readonly, node.disabled))
    return isinstance(node, Group | Rows)


def _in_cells(row: ListRow) -> tuple[Part, ...]:
    return tuple(replace(part, row=row.title) if isinstance(part, Region) else part for part in row.parts)


def _is_first(node: Input, place: NodePlace) -> bool:
    return place.typed == {} and next(iter(place.values), None) == node.key
