"""Compile a form-js schema to a form; what the server could not check is refused."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from service.domain.forms.common import COMMON_PROPERTIES, read_common_properties
from service.domain.forms.compile_input import INPUTS, compile_input
from service.domain.forms.expressions import FormExpression
from service.domain.forms.form import Form
from service.domain.forms.model import (
    ROW_CAP,
    Computed,
    FormNode,
    FormRule,
    Group,
    Input,
    Rows,
    Shown,
    key_of,
    same_object,
)
from service.domain.forms.reading import Component, Raw, setting_name, unique_ids
from service.domain.forms.refusals import FormRefused
from service.domain.text import Text, read_translated_text

SHOWN = {"text"}


def compile_shown(component: Component) -> Shown:
    """Compile a component without a value.

    Raises:
        FormRefused: for loops in texts.
    """
    component.properties.only(COMMON_PROPERTIES | {"text_en"}, "properties")
    texts = read_translated_text(component.properties.raw, "text", component.string("text")).as_json()
    return Shown(
        pieces={language: _pieces(component, words) for language, words in texts.items()},
        **read_common_properties(component),
    )


def _pieces(component: Component, text: str) -> tuple[str | FormExpression, ...]:
    if re.search(r"\{\{\s*[#/]", text):
        raise component.refuse(
            "文本中用了 {{#if}} 或 {{#loop}}",
            "the text uses {{#if}} or {{#loop}}",
            Text("请改用“隐藏条件”或表格", "Use a hide condition or a table"),
        )
    parts = re.split(r"\{\{(.+?)\}\}", text)
    return tuple(component.compile("text", part.strip()) if index % 2 else part for index, part in enumerate(parts))


MAX_COMPONENTS = 600
MAX_DEPTH = 8

_FORM_PROPERTIES = {"title", "title_en", "clauses", "variables", "help", "help_en", "corrects", "asks_correction"}


def compile_form(schema: Mapping[str, object]) -> Form:
    """Compile a form-js schema (``schemaVersion`` 19, a mapping as JSON gives it).

    Beyond form-js, ``properties`` (string to string) may hold: on any component ``clauses`` (citations), ``help``,
    ``label_en`` and the like; on read-only fields ``unseen`` (never shown); on fields ``personal``,
    ``secret``; on uploads ``maxBytes``, ``maxCount``, ``accept``; on boxes ``unticked`` (left alone it is false);
    on selects ``typed`` (its value is typed);
    on choices and texts ``normal`` (what they say where nothing is found); on single choices ``stops_files`` (the option
    that takes the applicant's files out of circulation); on
    lines of text ``person`` (whose name they ask for); on fields ``beside`` (what other forms say on it); on dynamic lists ``minRows``, ``maxRows``,
    ``unique`` (columns that together occur once); on groups, lists and the form ``rule``/``ruleMessage`` (also
    ``rule_2``/``ruleMessage_2`` …); on the form ``title``, ``title_en``, ``variables`` (names that expressions may
    use besides the form's own) and ``corrects`` (the form whose correction this one asks for) and ``asks_correction``.

    Raises:
        FormRefused: naming the component, for everything the server could not check fully.
    """
    root = Component(schema)
    every = list(_walk_components(root, 0))
    if len(every) > MAX_COMPONENTS:
        raise root.refuse(f"组件超过 {MAX_COMPONENTS} 个", f"there are more than {MAX_COMPONENTS} components")
    unique_ids(every)
    properties = root.properties
    rules = {name for name in properties.raw if name.startswith("rule")}
    properties.only(_FORM_PROPERTIES | rules, "properties")
    names = frozenset(properties.words("variables")) | _collect_names(root.children())
    nodes = _compile_nodes(root, names)
    _refuse_doubles(root, nodes)
    _refuse_hide_circle(nodes)
    title = read_translated_text(properties.raw, "title", properties.string("title"))
    return Form(
        id=root.id,
        title=title,
        nodes=nodes,
        rules=_compile_rules(Component(schema, names)),
        clauses=properties.words("clauses"),
        corrects=properties.string("corrects"),
        asks_correction=properties.string("asks_correction") == "true",
    )


def _walk_components(component: Component, depth: int) -> Iterator[Raw]:
    if depth > MAX_DEPTH:
        raise component.refuse(f"嵌套超过 {MAX_DEPTH} 层", f"components are nested deeper than {MAX_DEPTH}")
    for raw in component.children():
        yield raw
        yield from _walk_components(Component(raw), depth + 1)


def _collect_names(components: list[Raw]) -> frozenset[str]:
    """Return the names that lie in one object, through groups without a path."""
    names: set[str] = set()
    for raw in components:
        component = Component(raw)
        if component.type == "group" and not component.has("path"):
            names |= _collect_names(component.children())
        else:
            names |= {str(raw[key]) for key in ("key", "path") if raw.get(key)}
    return frozenset(names)


def _compile_nodes(parent: Component, names: frozenset[str]) -> tuple[FormNode, ...]:
    nodes = (_compile_node(Component(raw, names)) for raw in parent.children())
    return tuple(node for node in nodes if node is not None)


def _compile_node(component: Component) -> FormNode | None:
    if component.type == "button":
        return None
    if component.type in INPUTS:
        return compile_input(component)
    if component.type in SHOWN:
        return compile_shown(component)
    builder = _BUILDERS.get(component.type)
    if builder is None:
        raise component.refuse(
            f"类型“{component.type}”不能由服务器检查",
            f"the type {component.type!r} cannot be checked by the server",
            Text("文件请用“附件上传”，说明文字请用“文本”", "Use upload for files and text for explanations"),
        )
    return builder(component)


def _compile_group(component: Component) -> Group:
    rules = _compile_rules(component)
    _only_properties(component, set())
    path = component.name("path") if component.has("path") else None
    names = component.names | (_collect_names(component.children()) if path is None else frozenset())
    children = _compile_nodes(component, names)
    if path is not None:
        _refuse_doubles(component, children)
    return Group(path=path, children=children, rules=rules, **read_common_properties(component))


def _compile_rows(component: Component) -> Rows:
    properties, adjustable = component.properties, component.flag("allowAddRemove", True)
    _only_properties(component, {"minRows", "maxRows", "unique"})
    if not component.flag("isRepeating", True):
        raise component.refuse(
            "动态列表必须可重复", "a dynamic list has to repeat", Text("单个对象请用分组", "Use a group")
        )
    names = component.names | _collect_names(component.children()) | {"this", "parent", "i"}
    children = _compile_nodes(component, names)
    _refuse_doubles(component, children)
    columns = {key_of(node) for node in same_object(children)}
    unique = properties.words("unique")
    if not set(unique) <= columns:
        raise component.refuse("unique 提到了不存在的列", "unique names a column that is not there")
    initial = component.whole("defaultRepetitions")
    rows = Rows(
        path=component.name("path"),
        children=children,
        adjustable=adjustable,
        initial=1 if initial is None else initial,
        min_rows=properties.whole("minRows") or 0,
        max_rows=min(properties.whole("maxRows") or ROW_CAP, ROW_CAP),
        unique=unique,
        rules=_compile_rules(component),
        **read_common_properties(component),
    )
    if not rows.initial <= ROW_CAP or rows.min_rows > rows.max_rows:
        raise component.refuse("行数设置互相矛盾", "the numbers of rows contradict each other")
    _require_fixed_rows(component, rows)
    return rows


def _compile_computed(component: Component) -> Computed:
    _only_properties(component, set())
    if not component.has("expression"):
        raise component.refuse("缺少 expression", "the expression is missing")
    return Computed(
        key=component.name("key"), formula=component.formula("expression"), **read_common_properties(component)
    )


_BUILDERS: Mapping[str, Callable[[Component], FormNode]] = {
    "group": _compile_group,
    "dynamiclist": _compile_rows,
    "expression": _compile_computed,
}


def _compile_rules(component: Component) -> tuple[FormRule, ...]:
    properties = component.properties
    rules = []
    for name in sorted(key for key in properties.raw if key == "rule" or key.startswith("rule_")):
        message = name.replace("rule", "ruleMessage", 1)
        if not properties.has(message):
            called = setting_name(name)
            raise component.refuse(f"“{called.zh}”没有提示（{message}）", f"“{called.en}” has no {message}")
        text = read_translated_text(properties.raw, message, properties.string(message))
        pieces = {language: _pieces(component, words) for language, words in text.as_json().items()}
        has_formula = any(len(parts) > 1 for parts in pieces.values())
        rules.append(FormRule(properties.formula(name), text, pieces if has_formula else {}))
    return tuple(rules)


def _only_properties(component: Component, more: set[str]) -> None:
    rules = {name for name in component.properties.raw if name.startswith("rule")}
    component.properties.only(COMMON_PROPERTIES | more | rules, "properties")


def _refuse_doubles(component: Component, nodes: tuple[FormNode, ...]) -> None:
    seen: set[str] = set()
    for node in same_object(nodes):
        if key_of(node) in seen:
            raise FormRefused(
                node.id,
                Text(
                    f"字段名“{key_of(node)}”在“{component.id}”中重复",
                    f"{key_of(node)!r} occurs twice in {component.id!r}",
                ),
                Text("请改用不同的 key 或 path", "Use different keys or paths"),
            )
        seen.add(key_of(node))


def _refuse_hide_circle(nodes: tuple[FormNode, ...]) -> None:
    node = find_hide_circle(nodes)
    if node is not None:
        raise FormRefused(
            node.id,
            Text(
                "隐藏条件读的栏目，自己又随这一栏显示或隐藏：两者互相依赖，有的填法定不下来，谁也提交不了",
                "the hide condition reads a field that is itself shown or hidden with this one: some answers never settle, "
                "and nobody could submit them",
            ),
            Text("另设一个选择题，由它决定显示哪一栏", "Let a choice of its own decide which of them is shown"),
        )


def _require_fixed_rows(component: Component, rows: Rows) -> None:
    """Readonly fields are merged by position, which is only certain while rows cannot be removed."""
    readonly_nodes = [
        node
        for node in same_object(rows.children)
        if getattr(node, "readonly", False) or getattr(node, "disabled", False)
    ]
    if rows.adjustable and readonly_nodes:
        raise component.refuse(
            f"可增删的行中有只读字段“{readonly_nodes[0].id}”",
            f"rows that can be removed hold the read-only field {readonly_nodes[0].id!r}",
            Text("请关闭增删行，或取消只读", "Switch off adding and removing, or let the field be edited"),
        )


_Name = tuple[str, ...]
_Placed = tuple[FormNode, _Name]
"""A node with the path of the object that it lies in."""


def find_hide_circle(nodes: tuple[FormNode, ...]) -> FormNode | None:
    """Return a node whose hide condition reads what is there or not by this very condition; None without one."""
    fields = dict(_fields(nodes, (), ()))
    hiding = {id(node): (node, path) for line in fields.values() for node, path in line if node.hide is not None}
    for start, at in hiding.values():
        reached, ahead = set[_Name](), _read_fields(start.hide, at, fields)
        while ahead:
            name = ahead.pop()
            *above, (field, _) = fields[name]
            if (
                isinstance(field, Input) and field.readonly is True
            ):  # what is stored of it decides, whether shown or not
                continue
            if field is start or any(node is start for node, _ in above):
                return start
            reached.add(name)
            for node, path in fields[name]:
                formula = node.formula if isinstance(node, Computed) else None
                ahead |= _read_fields(node.hide, path, fields) | _read_fields(formula, path, fields)
            ahead -= reached
    return None


def _fields(
    nodes: tuple[FormNode, ...], path: _Name, above: tuple[_Placed, ...]
) -> Iterator[tuple[_Name, tuple[_Placed, ...]]]:
    """Yield the path of each field, with the field and what holds it."""
    for node in nodes:
        line = (*above, (node, path))
        if isinstance(node, Group | Rows):
            yield from _fields(node.children, (*path, node.path) if node.path is not None else path, line)
        elif isinstance(node, Input | Computed):
            yield (*path, node.key), line


def _read_fields(formula: FormExpression | None, path: _Name, fields: Mapping[_Name, object]) -> set[_Name]:
    """Return the single fields that a formula in the object at ``path`` reads; a list that is read whole is left out."""
    found = set[_Name]()
    for read in formula.expression.paths if formula is not None else ():
        up = 0 if read[0] == "this" else 1 if read[0] == "parent" else None
        around = range(len(path), -1, -1) if up is None else [max(len(path) - up, 0)]
        names = [(*path[:depth], *(read if up is None else read[1:])) for depth in around]
        found |= {name for name in names if name in fields and not found.intersection(names)}
    return found
