"""Formulas of forms have types: what hides, requires and rules is a condition, what is offered a list."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from service.catalog.forms.forms import parse_form
from service.catalog.formula_names.record_names import is_box, most_signs_of, span_of
from service.catalog.problems import Problem
from service.catalog.rules.context import Checked, build_error_problem, is_shared
from service.catalog.rules.registry import Extent, check
from service.catalog.rules.types import FAULTS, foregone_problem, parameters_type, problem_of
from service.catalog.source.newest import by_file, of_newest
from service.domain.errors import LaurelError
from service.domain.feel import StaticType, TypeScope
from service.domain.feel.static_types import (
    BOOLEAN,
    NUMBER,
    STRING,
    UNKNOWN,
    context_of,
    list_of,
    of_kind,
    text_of_options,
)
from service.domain.feel.values import ValueKind
from service.domain.forms import compile_form
from service.domain.forms.expressions import FormExpression
from service.domain.forms.form import Form
from service.domain.forms.model import Computed, FormNode, FormRule, Group, Input, InputType, Rows, key_of, same_object
from service.domain.text import Text

_KINDS = {
    InputType.NUMBER: NUMBER,
    InputType.DATE: of_kind(ValueKind.DATE),
    InputType.TIME: of_kind(ValueKind.TIME),
    InputType.DATETIME: of_kind(ValueKind.DATE_TIME),
    InputType.CHECKBOX: BOOLEAN,
    InputType.UPLOAD: list_of(UNKNOWN),
}
_CHOSEN_FROM_MANY = (InputType.CHECKLIST, InputType.TAGLIST)
_ASKED: Mapping[str, tuple[Text, ValueKind | None]] = {
    "hide": (Text("隐藏的条件", "the condition to hide it"), ValueKind.BOOLEAN),
    "required_if": (Text("必填的条件", "the condition to require it"), ValueKind.BOOLEAN),
    "readonly": (Text("只读的条件", "the condition to lock it"), ValueKind.BOOLEAN),
    "disabled": (Text("停用的条件", "the condition to disable it"), ValueKind.BOOLEAN),
    "options": (Text("选项", "the options"), ValueKind.LIST),
    "minimum": (Text("最小值", "the least value"), None),
    "maximum": (Text("最大值", "the greatest value"), None),
    "min_length": (Text("最少字数", "the least length"), ValueKind.NUMBER),
    "max_length": (Text("最多字数", "the greatest length"), ValueKind.NUMBER),
    "normal": (Text("没有发现时的写法", "what it says where nothing is found"), None),
    "formula": (Text("计算公式", "the formula"), None),
    "source": (Text("表格的内容", "what the table shows"), None),
}
"""The formulas of a component: what each is called, and of which kind it is."""


@check(Extent.PIECES, *FAULTS)
def forms_typed(checked: Checked) -> Iterator[Problem]:
    """In forms, what is compared and reckoned with goes together, and every condition is one."""
    for ident in checked.schemas:
        path = checked.package.forms[ident]
        form = read_form(checked.package.files[path], path)
        if form is None:
            continue  # reported as a form
        scope = form_scope_types(checked, path, form)
        yield from _check_rules(path, ident, form.rules, scope)
        yield from _check_nodes(path, form.nodes, scope)


def form_scope_types(checked: Checked, path: str, form: Form) -> TypeScope:
    """Return the types of what formulas at the top of a form read: its fields, and the settings.

    A shared form may read settings that this city does not have: they are null here.
    """
    fields, settings = types_of_nodes(form.nodes), parameters_type(checked)
    return {"param": replace(settings, is_closed=not is_shared(path)), **fields, "this": context_of(fields)}


def form_types_at(checked: Checked, ident: str, place: str) -> TypeScope:
    """Return the types of what a formula at component ``place`` of a form reads; none while it cannot be read."""
    path = checked.package.forms[ident]
    form = read_form(checked.package.files[path], path)
    if form is None:
        return {}
    scope = form_scope_types(checked, path, form)
    return next(_iterate_inner_scopes(form.nodes, place, scope), scope)


@of_newest(by_file)
def read_form(content: bytes, path: str) -> Form | None:
    """Return a form, None for a file that is none."""
    try:
        return compile_form(parse_form(content, path))
    except (LaurelError, ValueError):
        return None


def _iterate_inner_scopes(nodes: tuple[FormNode, ...], place: str, scope: TypeScope) -> Iterator[TypeScope]:
    """Yield the scope of the component ``place``, by its id or key."""
    for node in nodes:
        if place in (node.id, getattr(node, "key", None)):
            yield scope
        if isinstance(node, Group | Rows):
            yield from _iterate_inner_scopes(node.children, place, _scope_within(node, scope))


def _scope_within(node: Group | Rows, scope: TypeScope) -> TypeScope:
    if isinstance(node, Group):
        return scope if node.path is not None else {**scope, **types_of_nodes(node.children)}
    child_types = types_of_nodes(node.children)
    return {**scope, **child_types, "this": context_of(child_types), "parent": UNKNOWN, "i": NUMBER}


def types_of_nodes(nodes: tuple[FormNode, ...]) -> dict[str, StaticType]:
    """Return the types of the values that lie in one object while a form is filled in."""
    return {key_of(node): _to_static_type(node) for node in same_object(nodes)}


def _to_static_type(node: Input | Computed | Group | Rows) -> StaticType:
    if isinstance(node, Group | Rows):
        inside = context_of(types_of_nodes(node.children), is_closed=True)
        return list_of(inside) if isinstance(node, Rows) else inside
    if isinstance(node, Computed):
        return UNKNOWN
    if isinstance(node.options, tuple) and node.options:
        offered = text_of_options(option.value for option in node.options)
        return list_of(offered) if node.type in _CHOSEN_FROM_MANY else offered
    if node.type in _CHOSEN_FROM_MANY:
        return list_of(STRING)
    return replace(
        _KINDS.get(node.type, STRING), span=span_of(node), most_signs=most_signs_of(node), is_box=is_box(node)
    )


def _check_nodes(path: str, nodes: tuple[FormNode, ...], scope: TypeScope) -> Iterator[Problem]:
    for node in nodes:
        for name, (called, wanted) in _ASKED.items():
            if isinstance(formula := getattr(node, name, None), FormExpression):
                yield from _check_formula(path, node.id, called, formula, scope, wanted)
        if isinstance(node, Group | Rows):
            inside = _scope_within(node, scope)
            yield from _check_rules(path, node.id, node.rules, inside)
            yield from _check_nodes(path, node.children, inside)


def _check_rules(path: str, place: str, rules: tuple[FormRule, ...], scope: TypeScope) -> Iterator[Problem]:
    called = Text("规则", "the rule")
    for rule in rules:
        yield from _check_formula(path, place, called, rule.condition, scope, ValueKind.BOOLEAN)


def _check_formula(
    path: str, place: str, called: Text, formula: FormExpression, scope: TypeScope, wanted: ValueKind | None
) -> Iterator[Problem]:
    inferred = formula.expression.infer(scope)
    for fault in inferred.faults:
        yield problem_of(path, place, called, fault)
    if wanted is ValueKind.BOOLEAN and inferred.truth is not None:
        yield foregone_problem(path, place, called, formula.expression.text, is_met=inferred.truth)
    elif wanted is not None and not inferred.type.may_be(wanted, ValueKind.NULL):
        type_words = inferred.type.words()
        is_list = wanted is ValueKind.LIST
        yield build_error_problem(
            path, place, "not_a_list" if is_list else "not_boolean" if wanted is ValueKind.BOOLEAN else "operand_type",
            f"{called.zh}“{formula.expression.text}”是{type_words.zh}。", f"{called.en}, “{formula.expression.text}”, is a {type_words.en}.",
            Text("写一份名单。", "Write a list.") if is_list else Text("写成条件，例如 =a = \"x\"。", "Write a condition, such as =a = \"x\"."),
        )  # fmt: skip
