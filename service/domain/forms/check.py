"""Check a submission against the form's rules and return the values to keep."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from service.domain.feel import Expression
from service.domain.feel.expression import expression_of
from service.domain.feel.nodes import Name, Node, Quantified
from service.domain.feel.reader import walk_nodes
from service.domain.forms.expressions import FUNCTIONS, FormExpression
from service.domain.forms.limits import is_required, iterate_value_problems, missing, name_of
from service.domain.forms.model import (
    NO_TEXT,
    Computed,
    FormNode,
    FormRule,
    Group,
    Input,
    InputType,
    Path,
    Rows,
    Values,
    format_dotted_path,
    format_path_pattern,
)
from service.domain.forms.normal import iterate_contradictions
from service.domain.forms.refusals import FieldError
from service.domain.forms.state import State, inside
from service.domain.forms.values import to_json
from service.domain.text import Text
from service.domain.values.typed_text import plain_name

Found = tuple[Input | Rows, Path, object]
"""A field or a list that a rule reads and somebody can change, its path, and its value."""

Reads = frozenset[tuple[str, ...]]
"""The dotted paths that a rule reads."""


@dataclass(frozen=True, slots=True)
class RulePlace:
    """Where a rule stands: the fields of its form or group, their values, their path, and what the rule can read."""

    nodes: tuple[FormNode, ...]
    values: Values
    path: Path
    scope: Mapping[str, object]


def field_of(rule: FormRule, place: RulePlace, state: State) -> Path:
    """Return the path of the field that a broken ``rule`` is about, that of its place where it reads none that is open.

    That is the first field it reads that is still blank, otherwise the last on the page: what was chosen last is what
    people change first. Of a list it is the field of the first row that breaks the rule.
    """
    expression = rule.condition.expression
    found = _chosen(_open(place.nodes, place.values, place.path, expression.paths, state))
    if found is None:
        return place.path
    node, path, rows = found
    return path if isinstance(node, Input) else _in_row(expression, node, path, rows, place.scope, state) or path


def _open(nodes: tuple[FormNode, ...], values: Values, path: Path, reads: Reads, state: State) -> Iterator[Found]:
    """Yield what is read of one object and can be changed, in the order of the page."""
    names = {read[0] for read in reads}
    for node in nodes:
        if node.unseen or (path, node.id) in state.hidden:
            continue
        if isinstance(node, Group):
            within = (
                reads if node.path is None else frozenset(one[1:] for one in reads if one[0] == node.path and one[1:])
            )
            for inner, _, inner_path in inside(node, values, {}, path):
                yield from _open(node.children, inner, inner_path, within, state)
        elif isinstance(node, Rows) and node.path in names:
            yield node, (*path, node.path), values.get(node.path)
        elif isinstance(node, Input) and node.key in names and (path, node.id) not in state.locked:
            yield node, (*path, node.key), values.get(node.key)


def _chosen(found: Iterable[Found]) -> Found | None:
    every = list(found)
    blank = (one for one in every if _is_blank(one))
    return next(blank, every[-1] if every else None)


def _is_blank(found: Found) -> bool:
    node, _, value = found
    return value is None and isinstance(node, Input) and node.type is not InputType.CHECKBOX


def _in_row(
    expression: Expression, node: Rows, path: Path, rows: object, scope: Mapping[str, object], state: State
) -> Path:
    """Return the field of the first row for which an “every … in list satisfies …” of the rule fails, or ()."""
    for name, condition in _demands(expression.node, node.path):
        said = FormExpression(expression_of(expression.text, condition, FUNCTIONS))
        read = frozenset(one[1:] for one in said.expression.paths if one[0] == name and one[1:])
        for index, row in enumerate(rows if isinstance(rows, list) else ()):
            if said.value({**scope, name: row}, state.today) is False:
                led = _chosen(_open(node.children, row, (*path, index), read, state))
                return led[1] if led else ()
    return ()


def _demands(expression: Node, name: str) -> Iterator[tuple[str, Node]]:
    """Yield (variable, condition) of each demand that is made on every row of the list called ``name``."""
    for part in walk_nodes(expression):
        if isinstance(part, Quantified) and not part.settles and len(part.iterators) == 1:
            (iterator,) = part.iterators
            if isinstance(iterator.source, Name) and iterator.source.name == name:
                yield iterator.name, part.condition


_MAX_UNKNOWN = 20


@dataclass(frozen=True, slots=True)
class FormCheck:
    """What is kept of a submission, as JSON, and what is wrong with it; values are only good without errors.

    ``state`` is that of the form with these values.
    """

    values: dict[str, object]
    errors: list[FieldError]
    state: State

    @property
    def typed(self) -> Values:
        """The same values as FEEL computes with them: decimals, dates, times; every key of the form is there."""
        return self.state.values


def _to_comparable(value: object) -> object:
    """Return a value as rows are compared: 甲(集团) repeats 甲（集团）."""
    return plain_name(value) if isinstance(value, str) else to_json(value)


def check_state(nodes: tuple[FormNode, ...], rules: tuple[FormRule, ...], state: State) -> FormCheck:
    """Return the values to keep and every error, in the order of the page."""
    checker = _Checker(state)
    checker.unknown()
    clean_values = checker.keep(nodes, state.values, state.scope(), ())
    checker.rules_of_place(rules, RulePlace(nodes, state.values, (), state.scope()), NO_TEXT)
    for sentence, finding in iterate_contradictions(nodes, state):
        text = _describe_contradiction(sentence.normal, name_of(finding.node))
        checker.add(sentence.path, name_of(sentence.node), text, refused=True)
    if not state.settled:
        checker.add((), NO_TEXT, _UNSETTLED, refused=True)
    return FormCheck(clean_values, _drop_group_names(checker.errors, nodes), state)


def _describe_contradiction(sentence: str, finding: Text) -> Text:
    return Text(
        f"这里还写着“{sentence}”，而“{finding.zh}”填的不是这样，请按实际情况改写。",
        f"It still says “{sentence}”, while “{finding.en}” says otherwise: write what was found.",
    )


def _drop_group_names(errors: list[FieldError], nodes: tuple[FormNode, ...]) -> list[FieldError]:
    """Return the errors without the names of groups, but where a field elsewhere is called alike, or stands in a row."""
    if not errors:
        return errors
    calls = Counter(_iterate_labels(nodes))
    return [
        error if calls[error.label] > 1 or re.search(r"\.[0-9]", error.path) else replace(error, part=NO_TEXT)
        for error in errors
    ]


def _iterate_labels(nodes: tuple[FormNode, ...]) -> Iterator[Text]:
    for node in nodes:
        if isinstance(node, Input):
            yield name_of(node)
        elif isinstance(node, Group | Rows):
            yield from _iterate_labels(node.children)


_UNSETTLED = Text(
    "表单中的条件互相依赖，无法得出结果，请联系工作人员修改表单。",
    "The conditions of this form depend on one another without an outcome; the office has to correct the form.",
)


@dataclass(slots=True)
class _Checker:
    state: State
    errors: list[FieldError] = field(default_factory=list)
    part: Text = NO_TEXT

    def add(self, path: Path, label: Text, text: Text, *, refused: bool = False, whole: bool = False) -> None:
        part = NO_TEXT if label == self.part else self.part
        self.errors.append(FieldError(format_dotted_path(path), label, text, part, whole, refused))

    def unknown(self) -> None:
        for path in self.state.unknown[:_MAX_UNKNOWN]:
            name = format_dotted_path(path)[:80]
            text = Text(
                f"表单中没有“{name}”这一项，请刷新页面后重新填写。", f"The form has no field {name!r}; reload the page."
            )
            self.add(path, Text(name, name), text, refused=True)

    def keep(self, nodes: tuple[FormNode, ...], values: Values, scope: Mapping[str, object], path: Path) -> Values:
        result: Values = {}
        if path in self.state.wrong:
            self.add(path, NO_TEXT, self.state.wrong[path], refused=True)
        for node in nodes:
            if (path, node.id) not in self.state.hidden:
                self._check_node(node, values, scope, path, result)
        return result

    def _check_node(
        self, node: FormNode, values: Values, scope: Mapping[str, object], path: Path, result: Values
    ) -> None:
        if isinstance(node, Input):
            result[node.key] = to_json(values[node.key], node)
            self._check_input(node, values[node.key], scope, path)
        elif isinstance(node, Computed):
            result[node.key] = to_json(values[node.key])
        elif isinstance(node, Group):
            self._check_group(node, values, scope, path, result)
        elif isinstance(node, Rows):
            result[node.path] = self._check_rows(node, values, scope, path)

    def _check_group(
        self, node: Group, values: Values, scope: Mapping[str, object], path: Path, result: Values
    ) -> None:
        around, self.part = self.part, self.part if node.path is None else node.label
        for inner, inner_scope, inner_path in inside(node, values, scope, path):
            inner_values = self.keep(node.children, inner, inner_scope, inner_path)
            result.update(inner_values if node.path is None else {node.path: inner_values})
            if node.path is None:
                self.rules_of_place(node.rules, RulePlace(node.children, inner, inner_path, inner_scope), node.label)
            else:
                self.rules(node.rules, inner_scope, inner_path, node.label)
        self.part = around

    def _check_input(self, node: Input, value: object, scope: Mapping[str, object], path: Path) -> None:
        field_path = (*path, node.key)
        if (path, node.id) in self.state.locked:
            return
        if field_path in self.state.wrong:
            self.add(field_path, name_of(node), self.state.wrong[field_path], refused=True)
        elif value is None or value is False:
            if is_required(node, scope, self.state.today):
                self.add(field_path, name_of(node), missing(node))
        else:
            for problem in iterate_value_problems(node, value, scope, self.state.today):
                self.add(field_path, name_of(node), problem, refused=True)

    def _check_rows(self, node: Rows, values: Values, scope: Mapping[str, object], path: Path) -> list[Values]:
        rows_path = (*path, node.path)
        rows = list(inside(node, values, scope, path))
        if rows_path in self.state.wrong:
            self.add(rows_path, node.label, self.state.wrong[rows_path], refused=True)
        else:
            self._row_count(node, len(rows), rows_path)
        around, self.part = self.part, node.label
        results = [self.keep(node.children, row, row_scope, row_path) for row, row_scope, row_path in rows]
        self.part = around
        self._check_unique(node, [row for row, _, _ in rows], rows_path)
        self.rules(node.rules, scope, rows_path, node.label)
        return results

    def _row_count(self, node: Rows, count: int, rows_path: Path) -> None:
        stored = self._stored_rows(rows_path)
        fixed = (node.initial if stored is None else len(stored)) if not node.adjustable else None
        if fixed is not None and count != fixed:
            text = Text(f"应为 {fixed} 行，现有 {count} 行。", f"There should be {fixed} rows, not {count}.")
            self.add(rows_path, node.label, text, refused=True)
        elif count < node.min_rows:
            text = Text(
                f"至少 {node.min_rows} 行，现有 {count} 行。", f"At least {node.min_rows} rows; there are {count}."
            )
            self.add(rows_path, node.label, text)
        elif node.adjustable and self._holds_withheld(rows_path) and count != len(stored or ()):
            text = Text(
                "这些行含有您无权查看的内容，不能增删行。",
                "These rows hold values you may not see; rows cannot be added or removed.",
            )
            self.add(rows_path, node.label, text, refused=True)

    def _holds_withheld(self, rows_path: Path) -> bool:
        """Rows with values this person cannot see are merged by position, so their number has to stay."""
        return any(name.startswith(f"{format_path_pattern(rows_path)}[]") for name in self.state.withheld)

    def _stored_rows(self, rows_path: Path) -> list[object] | None:
        value: object = self.state.external
        for part in rows_path:
            value = value.get(part) if isinstance(value, Mapping) else _get_item(value, part)
        return value if isinstance(value, list) else None

    def _check_unique(self, node: Rows, rows: Iterable[Values], rows_path: Path) -> None:
        seen: dict[str, int] = {}
        for index, row in enumerate(rows):
            columns = [_to_comparable(row.get(column)) for column in node.unique]
            if not columns or None in columns:
                continue
            first = seen.setdefault(repr(columns), index)
            if first != index:
                text = Text(
                    f"第 {index + 1} 行与第 {first + 1} 行重复，请修改或删除。",
                    f"Row {index + 1} repeats row {first + 1}; change or remove it.",
                )
                self.add((*rows_path, index, node.unique[0]), node.label, text, refused=True)

    def rules(self, rules: tuple[FormRule, ...], scope: Mapping[str, object], path: Path, label: Text) -> None:
        for rule in self._list_broken_rules(rules, scope):
            self.add(path, label, rule.message_over(scope, self.state.today), whole=True)

    def rules_of_place(self, rules: tuple[FormRule, ...], place: RulePlace, label: Text) -> None:
        """Add the broken rules of what has no element of its own on the page to lead to: each leads to a field."""
        for rule in self._list_broken_rules(rules, place.scope):
            path = format_dotted_path(field_of(rule, place, self.state))
            message = rule.message_over(place.scope, self.state.today)
            self.errors.append(FieldError(path, label, message, whole=True))

    def _list_broken_rules(self, rules: tuple[FormRule, ...], scope: Mapping[str, object]) -> Iterator[FormRule]:
        return (rule for rule in rules if rule.condition.value(scope, self.state.today) is False)


def _get_item(items: object, index: str | int) -> object:
    return items[index] if isinstance(items, list) and isinstance(index, int) and index < len(items) else None
