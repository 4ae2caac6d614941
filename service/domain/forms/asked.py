"""A form cut down to the questions that something reads: its conditions stay, what nobody reads goes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from service.domain.forms.expressions import FormExpression
from service.domain.forms.form import Form
from service.domain.forms.model import NO_TEXT, Computed, FormNode, FormRule, Group, Input, InputType, Rows
from service.domain.forms.state import State
from service.domain.text import Text
from service.domain.values.value_at import value_at

Names = tuple[str, ...]

#: What is sent or written at length is not asked here: whoever has it ready ticks a box.
_PREPARED = frozenset({InputType.UPLOAD, InputType.TEXTAREA})
_TICK = Text("准备好了的请勾选。", "Tick it once it is ready.")

#: Of a list that is read, these columns are asked; what is told in words there is nothing to reckon with.
_RECKONED = frozenset(
    {InputType.NUMBER, InputType.DATE, InputType.DATETIME, InputType.RADIO, InputType.SELECT, InputType.CHECKBOX}
)


def restrict_form_fields(form: Form, read: Iterable[Names]) -> Form:
    """Return ``form`` with the fields whose paths are in ``read``, and those on which these depend.

    Nothing is required any more; a file or a long text becomes a box to tick, for whoever has it ready; what is
    only shown goes, as do personal and secret fields and the rules over fields that went. ``read`` are paths as expressions write them
    (``("organisation", "type")``); one that ends in a list stands for the columns of it that can be reckoned with.
    """
    wanted = set(read)
    while True:
        cut = _Cut(frozenset(wanted))
        nodes = cut.nodes(form.nodes, ())
        if cut.needed <= wanted:
            break
        wanted |= cut.needed
    paths = frozenset(path for path, _ in _iterate_paths(nodes))
    return Form(id=form.id, title=form.title, nodes=_with_rules(nodes, paths), clauses=form.clauses)


def boxes_of(form: Form, question_form: Form) -> dict[Names, InputType]:
    """Return the paths of the boxes of ``question_form`` that stand for files and long texts of ``form``, with what they are."""
    prepared = {
        path: node.type
        for path, node in _iterate_paths(form.nodes)
        if isinstance(node, Input) and node.type in _PREPARED
    }
    return {path: prepared[path] for path, _ in _iterate_paths(question_form.nodes) if path in prepared}


def lists_of(form: Form) -> frozenset[Names]:
    """Return the paths of the lists of ``form``."""
    return frozenset(path for path, node in _iterate_paths(form.nodes) if isinstance(node, Rows))


def owed_lists(form: Form, state: State) -> frozenset[Names]:
    """Return the paths of the lists that an answer brought onto the page and of which no row says anything."""
    return frozenset(_iterate_owed_paths(form.nodes, state, (), shown_by=False))


def _iterate_owed_paths(nodes: tuple[FormNode, ...], state: State, path: Names, *, shown_by: bool) -> Iterator[Names]:
    for node in nodes:
        if (path, node.id) in state.hidden:
            continue
        has_condition = shown_by or node.hide is not None
        if isinstance(node, Group):
            yield from _iterate_owed_paths(
                node.children, state, (*path, node.path) if node.path is not None else path, shown_by=has_condition
            )
        elif isinstance(node, Rows) and has_condition and not _is_filled_in(state.values, (*path, node.path)):
            yield (*path, node.path)


def _is_filled_in(values: Mapping[str, object], path: Names) -> bool:
    value = value_at(values, path)
    rows = value if isinstance(value, list) else []
    return any(value not in (None, "", False) for row in rows if isinstance(row, Mapping) for value in row.values())


class _Cut:
    """One pass: ``needed`` gathers what the conditions of the kept fields read."""

    def __init__(self, wanted: frozenset[Names]) -> None:
        self._wanted = wanted
        self.needed: set[Names] = set()

    def nodes(self, nodes: tuple[FormNode, ...], path: Names, *, listed: bool = False) -> tuple[FormNode, ...]:
        cut_nodes = (self._cut_node(node, path, listed) for node in nodes)
        return tuple(node for node in cut_nodes if node is not None)

    def _cut_node(self, node: FormNode, path: Names, listed: bool) -> FormNode | None:
        if isinstance(node, Group):
            node_path = (*path, node.path) if node.path is not None else path
            children = self.nodes(node.children, node_path, listed=listed)
            return self._collect_reads(replace(node, children=children), path) if children else None
        if isinstance(node, Rows):
            node_path = (*path, node.path)
            children = (
                self.nodes(node.children, node_path, listed=True) if self._is_read(node_path, exactly=True) else ()
            )
            return self._collect_reads(replace(node, children=children, min_rows=0), path) if children else None
        if isinstance(node, Computed):
            return (
                self._collect_reads(node, path, node.formula)
                if self._is_read((*path, node.key), exactly=True)
                else None
            )
        return self._cut_input(node, path, listed) if isinstance(node, Input) else None

    def _cut_input(self, node: Input, path: Names, listed: bool) -> FormNode | None:
        node_path = (*path, node.key)
        exactly = not (listed and node.type in _RECKONED)
        if node.personal or node.secret or node.unseen or not self._is_read(node_path, exactly=exactly):
            return None
        open_field = replace(node, required=False, required_if=None, readonly=False, disabled=False, min_length=None)
        if node.readonly is True:  # its hint says why nobody writes there: here somebody does
            open_field = replace(open_field, hint=NO_TEXT)
        if node.type in _PREPARED:
            return self._collect_reads(
                replace(open_field, type=InputType.CHECKBOX, default=None, max_length=None, hint=_TICK), path
            )
        return self._collect_reads(open_field, path, node.options, node.minimum, node.maximum, node.max_length)

    def _collect_reads(self, node: FormNode, path: Names, *more: object) -> FormNode:
        for expression in (node.hide, *more):
            if isinstance(expression, FormExpression):
                for read in expression.expression.paths:
                    names = read[1:] if read[0] == "this" else read
                    self.needed |= {read, (*path, *names)}
        return node

    def _is_read(self, path: Names, *, exactly: bool = False) -> bool:
        """Return whether something reads ``path``: by itself, inside it, or (unless ``exactly``) all around it."""
        inside = any(read[: len(path)] == path for read in self._wanted)
        return inside or (not exactly and any(path[: len(read)] == read for read in self._wanted))


def _iterate_paths(nodes: tuple[FormNode, ...], path: Names = ()) -> Iterator[tuple[Names, FormNode]]:
    for node in nodes:
        if isinstance(node, Group):
            yield from _iterate_paths(node.children, (*path, node.path) if node.path is not None else path)
        elif isinstance(node, Rows):
            yield (*path, node.path), node
            yield from _iterate_paths(node.children, (*path, node.path))
        elif isinstance(node, Input | Computed):
            yield (*path, node.key), node


def _with_rules(nodes: tuple[FormNode, ...], paths: frozenset[Names]) -> tuple[FormNode, ...]:
    return tuple(
        replace(
            node,
            children=_with_rules(node.children, paths),
            rules=tuple(rule for rule in node.rules if _holds_on(rule, paths)),
        )
        if isinstance(node, Group | Rows)
        else node
        for node in nodes
    )


def _holds_on(rule: FormRule, paths: frozenset[Names]) -> bool:
    return all(read in paths for read in rule.condition.expression.paths)
