"""Definite assignment: what a condition compares was filled in or recorded on every way to it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from service.catalog.award import ProcessInfo
from service.catalog.bpmn.kinds import Kind
from service.catalog.bpmn.model import Diagram, Element, Flow
from service.catalog.bpmn.scope import FlowScope, keys_of, scopes_of
from service.catalog.bpmn.vocabulary import UNKNOWN, UNKNOWN_IS_DEFAULT
from service.catalog.feel import FUNCTIONS, compiled, compiled_tests, constant
from service.catalog.formula_names.record_names import is_box
from service.catalog.problems import Problem
from service.catalog.rules.context import Checked, error, warning
from service.catalog.rules.facts import recorded_names
from service.catalog.rules.form_types import read_form
from service.catalog.rules.formula_words import formula_word
from service.catalog.rules.formulas import (
    OVER_RECORD,
    ROW_NAMES,
    TEXTS_OVER_RECORD,
    Formula,
    diagram_formulas,
    formulas_beside,
)
from service.catalog.rules.registry import Extent, check
from service.catalog.rules.scopes import CASE
from service.domain.feel import Expression, FeelSyntaxError, nodes
from service.domain.feel.null_paths import (
    compared_with_null,
    deciding_paths,
    is_not,
    is_null_literal,
    names_null,
    null_makers,
    path_of,
)
from service.domain.forms.model import FormNode, Group, Input, Rows
from service.domain.text import Text

Path: TypeAlias = tuple[str, ...]
State: TypeAlias = frozenset[Path]
"""What is filled at a place: a fact as (case, name), a variable as (name,), a form as (form,) with its fields behind it."""
_SHOWN = frozenset({*OVER_RECORD, *TEXTS_OVER_RECORD, "form"})
"""What a formula is that shows a person something; a barrier is judged by itself."""


@check(Extent.PACKAGE, "fact_never_set")
def facts_set(checked: Checked) -> Iterator[Problem]:
    """A fact that a formula reads is set by something: a start form, an operation, the case that starts this one."""
    award, never = checked.package.award, _never_set(checked)
    seen: set[tuple[str, str, Path]] = set()
    for formula, kinds in _formulas(checked):
        try:
            paths = compiled(formula.text).paths
        except FeelSyntaxError:
            continue  # reported as a formula
        for path in sorted(paths):
            named = kinds if path[0] == "case" else (path[0],) if path[0] in award.processes else ()
            if len(path) < 2 or not named or not all(path[1] in never.get(kind, ()) for kind in named):
                continue
            if (formula.file, formula.place, path[:2]) not in seen:
                seen.add((formula.file, formula.place, path[:2]))
                said = formula_word(formula.what)
                yield error(
                    formula.file, formula.place, "fact_never_set",
                    f"{said.zh}：没有任何环节记录事实“{path[1]}”，“{'.'.join(path)}”总是没有值。",
                    f"{said.en}: nothing sets the fact “{path[1]}”, so “{'.'.join(path)}” never has a value.",
                    Text("用 case.set 记录它，或者放进发起表单；用不着的，从公式和 award.yaml 中删去。",
                         "Set it by case.set or in the start form; where it is not needed, take it out of the formula and of award.yaml."),
                )  # fmt: skip


def _formulas(checked: Checked) -> Iterator[tuple[Formula, tuple[str, ...]]]:
    """Yield the formulas that read the records, with the kinds of case that they are evaluated in."""
    for diagram in checked.package.diagrams.values():
        kinds = tuple(kind.key for kind in checked.kinds.get(diagram.process_id, ()))
        yield from ((formula, kinds) for formula in diagram_formulas(checked, diagram) if formula.names is not None)
    every = tuple(checked.package.award.processes)
    yield from ((formula, every) for formula in formulas_beside(checked))


def _never_set(checked: Checked) -> Mapping[str, frozenset[str]]:
    """Return by kind of case the facts that are declared and that nothing sets."""
    return checked.for_now("facts never set", lambda: _find_never_set(checked))


def _find_never_set(checked: Checked) -> Mapping[str, frozenset[str]]:
    handed = _handed_on(checked)
    found: dict[str, frozenset[str]] = {}
    for kind in checked.package.award.processes.values():
        recorded = {name for element in _elements_of(checked, kind) for name in _recorded(checked, element)}
        started = checked.keys.get(kind.start_form or "", frozenset())
        found[kind.key] = frozenset(kind.facts) - recorded - started - handed.get(kind.key, frozenset())
    return found


def _elements_of(checked: Checked, kind: ProcessInfo) -> Iterator[Element]:
    for diagram in checked.package.diagrams.values():
        if kind in checked.kinds.get(diagram.process_id, ()):
            yield from diagram.elements.values()


def _recorded(checked: Checked, element: Element) -> set[str]:
    call = element.operation
    operation = checked.package.operations.get(call.operation) if call is not None else None
    return recorded_names(operation, call) if call is not None and operation is not None else set()


def _handed_on(checked: Checked) -> Mapping[str, frozenset[str]]:
    """Return by kind of case the facts that whoever starts it by an operation hands it."""
    found: dict[str, frozenset[str]] = {}
    for diagram in checked.package.diagrams.values():
        for element in diagram.elements.values():
            call = element.operation
            if call is not None and call.operation == "case.start":
                names = frozenset(_entries(call.parameters.get("facts_from", "")))
                kind = str(constant(call.parameters.get("process", "null")))
                found[kind] = found.get(kind, frozenset()) | names
    return found


def _entries(text: str) -> dict[str, nodes.Node]:
    """Return what a context that is written in a parameter holds; nothing for anything else."""
    try:
        node = compiled(text).node if text.strip() else None
    except FeelSyntaxError:
        return {}  # reported as a formula
    return dict(node.entries) if isinstance(node, nodes.ContextLiteral) else {}


# What a form certainly holds once it is filled in.


def _sure_fields(checked: Checked, form: str) -> frozenset[str]:
    """Return the fields of a form that cannot be left empty, and the parts of it that are no single field."""
    return checked.once(("sure fields", form), lambda: frozenset(_sure(checked, form)))


def _sure(checked: Checked, form: str) -> Iterator[str]:
    if form not in checked.schemas:
        yield from checked.keys.get(form, ())  # a score sheet
        return
    path = checked.package.forms[form]
    read = read_form(checked.package.files[path], path)
    yield from _sure_of(read.nodes, hidden=False) if read is not None else ()


def _sure_of(inside: Iterable[FormNode], *, hidden: bool) -> Iterator[str]:
    for node in inside:
        is_hidden = hidden or node.hide is not None
        if isinstance(node, Group) and node.path is None:
            yield from _sure_of(node.children, hidden=is_hidden)
        elif isinstance(node, Group | Rows):
            yield node.path or ""
        elif not isinstance(node, Input):
            yield getattr(node, "key", "")
        elif is_box(node) or node.unticked_is_false or node.readonly is True or (node.required and not is_hidden):
            yield node.key  # a box has a rule of its own; what is locked is filled by the diagram


def _hidden_fields(checked: Checked, form: str) -> Mapping[str, tuple[Expression, ...]]:
    """Return what hides the fields of a form that cannot be left empty where they are shown."""
    return checked.once(("hidden fields", form), lambda: dict(_hidden(checked, form)))


def _hidden(checked: Checked, form: str) -> Iterator[tuple[str, tuple[Expression, ...]]]:
    path = checked.package.forms[form]
    read = read_form(checked.package.files[path], path) if form in checked.schemas else None
    waiting: list[tuple[FormNode, tuple[Expression, ...]]] = [(node, ()) for node in (read.nodes if read else ())]
    while waiting:
        node, around = waiting.pop()
        hides = (*around, node.hide.expression) if node.hide is not None else around
        if isinstance(node, Group) and node.path is None:
            waiting += [(child, hides) for child in node.children]
        elif isinstance(node, Input) and node.required and hides:
            yield node.key, hides


def _assumed(text: str, *, holds: bool) -> Iterator[tuple[Path, tuple[object, ...]]]:
    """Yield the paths of which it is known what they are where a condition ``holds``, or does not."""
    for part in _conjuncts(text, settles=not holds):
        if (path := path_of(part)) is not None:
            yield path, (True,) if holds else (False, None)
        elif isinstance(part, nodes.CompareNode) and part.sign in ("=", "!="):
            for side, other in ((part.left, part.right), (part.right, part.left)):
                path = path_of(side)
                if path is None or not isinstance(other, nodes.Literal):
                    continue
                if (part.sign == "=") is holds:
                    yield path, (other.value,)
                elif isinstance(other.value, bool):
                    yield path, (not other.value, None)


# The ways through a diagram.


@dataclass(frozen=True, slots=True)
class _Place:
    """A formula that decides, where it stands, and what may be empty there."""

    file: str
    place: str
    what: str
    text: str
    paths: frozenset[Path]


class _Walk:
    """Walks all ways of one kind of case and collects what may be empty where it decides."""

    def __init__(self, checked: Checked, kind: ProcessInfo) -> None:
        self.checked, self.kind = checked, kind
        self.places: dict[tuple[str, str, str], _Place] = {}
        self._called: dict[tuple[str, State], State] = {}
        self._above: list[str] = []
        self._facts_set = frozenset(kind.facts) - _never_set(checked)[kind.key]
        self._above_it = frozenset(_kinds_above(checked, kind))

    def run(self) -> None:
        """Walk from the start of the kind's process."""
        form, diagram = self.kind.start_form or "", self.checked.package.processes.get(self.kind.process)
        sure = _sure_fields(self.checked, form) if form else frozenset()
        state: set[Path] = {("case", name) for name in CASE - {"outcome"}} | {
            ("case", name) for name in sure if name in self.kind.facts
        }
        state |= {("case", name) for name in _handed_on(self.checked).get(self.kind.key, ())}
        if form:
            state |= {(form,), *((form, name) for name in sure)}
        for action in self.checked.package.award.actions.values():
            if action.process == self.kind.key and action.condition:
                file, place = self.checked.package.award_file, f"actions.{action.id}.condition"
                self._note(
                    file, place, "动作条件", action.condition, frozenset(state), _begun_by_null(action.condition)
                )
        if diagram is not None:
            start = next(iter(diagram.of(Kind.START)), None)
            state |= {(name,) for name in (start.routes if start is not None else ()) if name in sure}
            self._diagram(diagram, frozenset(state))

    def _diagram(self, diagram: Diagram, entry: State) -> State:
        """Return what is filled at every end of a diagram that was entered with ``entry``."""
        key = (diagram.process_id, entry)
        if key in self._called or diagram.process_id in self._above:
            return self._called.get(key, entry)
        self._above.append(diagram.process_id)
        scopes = {scope.id: scope for scope in scopes_of(diagram)}
        self._called[key] = self._scope(scopes, diagram.process_id, entry)
        self._above.pop()
        return self._called[key]

    def _scope(self, scopes: Mapping[str, FlowScope], ident: str, entry: State) -> State:
        scope = scopes[ident]
        before: dict[str, State] = {}
        after: dict[str, State] = {}
        waiting = [node.id for node in scope.nodes.values() if node.kind is Kind.START or node.event_subprocess]
        before |= dict.fromkeys(waiting, entry)
        while waiting:
            here = waiting.pop(0)
            node = scope.nodes[here]
            leaving = self._pass(scopes, node, before[here])
            after[here] = leaving
            ways = [(flow.target, self._along(scope, flow, leaving)) for flow in scope.outgoing.get(here, ())]
            ways += [(event.id, before[here]) for event in scope.attached.get(here, ())]
            for target, state in ways:
                if target not in scope.nodes:
                    continue
                joined = self._joined(scope, target, before, state)
                if before.get(target) != joined:
                    before[target] = joined
                    if target not in waiting:
                        waiting.append(target)
        for here, state in before.items():
            self._judge(scope, scope.nodes[here], state)
        ends = [after[node.id] for node in scope.of(Kind.END) if node.id in after]
        return frozenset.intersection(*ends) if ends else entry

    def _joined(self, scope: FlowScope, target: str, before: Mapping[str, State], state: State) -> State:
        had = before.get(target)
        if had is None:
            return state
        parallel = scope.nodes[target].kind is Kind.PARALLEL and len(scope.incoming.get(target, ())) > 1
        return had | state if parallel else had & state

    def _pass(self, scopes: Mapping[str, FlowScope], node: Element, state: State) -> State:
        """Return what is filled once a token has passed ``node``."""
        if node.kind is Kind.CALL:
            called = self.checked.package.processes.get(node.called)
            if called is None:
                return state
            inside = self._diagram(called, state | self._items(node))
            if node.multi is not None:
                return state | {(key,) for key in keys_of(node)}
            out = {*called.outputs, *self.checked.package.forms}
            return frozenset(path for path in inside if len(path) > 1 or path in state or path[0] in out)
        if node.kind.is_scope and node.id in scopes:
            inside = self._scope(scopes, node.id, state | self._items(node))
            return inside if node.multi is None and not node.event_subprocess else state
        return self._filled(node, state)

    def _items(self, node: Element) -> State:
        return frozenset({(node.multi.item,)}) if node.multi is not None else frozenset()

    def _filled(self, node: Element, state: State) -> State:
        """Return what is filled once ``node`` itself is done."""
        gone: set[Path] = set()
        came: set[Path] = {(key,) for key in keys_of(node)}
        if node.form and node.multi is None:
            sure = _sure_fields(self.checked, node.form)
            came |= {(node.form,), *((node.form, name) for name in sure)}
            gone |= {(node.form, name) for name in self.checked.keys.get(node.form, frozenset()) - sure}
            gone |= {(name.rsplit(".", 1)[-1],) for name in node.routes if name not in sure}
        for action in self.checked.package.award.actions.values():
            if node.message and action.message == node.message and action.form:
                came |= {(action.form,), *((action.form, name) for name in _sure_fields(self.checked, action.form))}
        for name, is_sure in self._facts(node, state):
            (came if is_sure else gone).add(("case", name))
        return frozenset(state - gone) | (came - gone)

    def _facts(self, node: Element, state: State) -> Iterator[tuple[str, bool]]:
        """Yield the facts that ``node`` records, and whether each is certainly no null then."""
        call = node.operation
        if call is None:
            return
        written: dict[str, nodes.Node] = {}
        if call.operation == "case.set":
            written |= _entries(call.parameters.get("facts", ""))
            for name, node_ in _entries(call.parameters.get("from_records", "")).items():
                if isinstance(node_, nodes.Literal) and isinstance(node_.value, str):
                    try:
                        written[name] = compiled(node_.value).node
                    except FeelSyntaxError:
                        continue  # reported as a formula
        for name in _recorded(self.checked, node):
            yield name, name not in written or not self._may_be_null(written[name], state)

    def _may_be_null(self, node: nodes.Node, state: State) -> bool:
        """Say whether a value that is written may be null, as far as that is plain."""
        path = path_of(node)
        if path is not None:
            return bool(self._empty({path}, state))
        if isinstance(node, nodes.If):
            asked = state | {place for path in compared_with_null(node) if (place := self._place_of(path)) is not None}
            return any(self._may_be_null(part, asked) for part in (node.then, node.otherwise))
        return is_null_literal(node)

    def _empty(self, paths: Iterable[Path], state: State) -> frozenset[Path]:
        """Return of ``paths`` those that may be null in ``state``, as far as it is known what fills them."""
        return frozenset(path for path in paths if (place := self._place_of(path)) is not None and place not in state)

    def _place_of(self, path: Path) -> Path | None:
        """Return what has to be filled for ``path`` to have a value; None where that is not known."""
        if path[0] == "case":
            return (
                path[:2] if len(path) > 1 and path[1] in self._facts_set else None
            )  # the others are told by themselves
        if path[0] in self._above_it:
            return None
        if path[0] in self.checked.package.forms:
            keys = self.checked.keys.get(path[0], frozenset())
            return path[:2] if len(path) > 1 and path[1] in keys else path[:1]
        declared = any(path[0] in diagram.variables for diagram in self._diagrams())
        return path[:1] if declared else None

    def _diagrams(self) -> Iterator[Diagram]:
        return (
            d for d in self.checked.package.diagrams.values() if self.kind in self.checked.kinds.get(d.process_id, ())
        )

    def _along(self, scope: FlowScope, flow: Flow, state: State) -> State:
        """Return what is filled on a way: what its condition says, and what the gateway would not have passed without."""
        gateway = scope.nodes[flow.source]
        if not gateway.kind.decides or len(scope.outgoing.get(gateway.id, ())) < 2:
            return state
        certain = {*_sure_where_true(flow.condition), *self._shown(flow.condition, state)} if flow.condition else set()
        if not flow.condition:
            others = [other.condition for other in scope.outgoing[gateway.id] if other.condition]
            certain |= {
                path for text in others for path in (*_sure_where_false(text), *self._shown(text, state, holds=False))
            }
        if gateway.properties.get(UNKNOWN) != UNKNOWN_IS_DEFAULT:
            conditions = [other.condition for other in scope.outgoing[gateway.id] if other.condition]
            certain |= {path for text in conditions for path in _deciding(text)}
        return state | {place for path in certain if (place := self._place_of(path)) is not None}

    def _shown(self, text: str, state: State, *, holds: bool = True) -> Iterator[Path]:
        """Yield the required fields that are certainly shown where a condition ``holds``, or does not."""
        for path, values in _assumed(text, holds=holds):
            scopes = [{path[-1]: value} for value in values]
            filled = [form for form in self.checked.package.forms if (form,) in state]
            forms = [form for form in filled if path[-1] in self.checked.keys.get(form, ())]
            for form in (
                forms if len(path) == 1 else {path[0]}.intersection(forms)
            ):  # a variable: whichever form routed it
                for field, hides in _hidden_fields(self.checked, form).items():
                    if not any(
                        hide.evaluate(scope) is not False or hide.undecided(scope) for hide in hides for scope in scopes
                    ):
                        yield form, field
                        if len(path) == 1:
                            yield (field,)

    # What is told.

    def _judge(self, scope: FlowScope, node: Element, state: State) -> None:
        file = scope.diagram.file
        if node.kind.decides and node.properties.get(UNKNOWN) != UNKNOWN_IS_DEFAULT:
            for flow in scope.outgoing.get(node.id, ()):
                if flow.condition:
                    self._note(file, flow.id, "条件", flow.condition, state)
        for formula in diagram_formulas(self.checked, scope.diagram):
            if formula.place == node.id and formula.what not in _SHOWN:
                rows = () if formula.is_whole else ROW_NAMES
                filled = state | self._items(node) | {(name,) for name in rows}
                self._note(file, node.id, formula.what, formula.text, filled)
        if node.barrier and node.properties.get(UNKNOWN) != UNKNOWN_IS_DEFAULT:
            self._note(file, node.id, "barrier", node.barrier, state, _begun_by_null(node.barrier))
        if node.kind is Kind.RULE_TASK and node.decision in self.checked.package.tables:
            self._table(scope, node, state)

    def _table(self, scope: FlowScope, node: Element, state: State) -> None:
        table = self.checked.package.tables[node.decision]
        if table.is_eligibility:
            return
        for place, column in enumerate(table.inputs):
            cells = [row.inputs[place] for row in table.rows if place < len(row.inputs)]
            try:
                formula, tests = compiled(column.expression), [compiled_tests(cell) for cell in cells]
            except FeelSyntaxError:
                continue  # reported as a table
            if names_null(formula.node) or any(names_null(each.node) for each in tests):
                continue
            empty = self._empty({*null_makers(formula.node), *deciding_paths(formula.node, FUNCTIONS)}, state)
            if empty and not all(each.matches_everything for each in tests):
                self._add(
                    _Place(
                        scope.diagram.file,
                        node.id,
                        f"{table.name}：{column.label or column.expression}",
                        column.expression,
                        empty,
                    )
                )

    def _note(
        self, file: str, place: str, what: str, text: str, state: State, among: frozenset[Path] | None = None
    ) -> None:
        deciding = _deciding(text) if text else frozenset()
        shown = frozenset(self._shown(text, state)) | frozenset(self._shown(text, state, holds=False))
        empty = self._empty((deciding if among is None else deciding & among) - shown, state)
        if empty:
            self._add(_Place(file, place, what, text, empty))

    def _add(self, found: _Place) -> None:
        key = (found.file, found.place, found.text)
        before = self.places.get(key)
        paths = found.paths if before is None else found.paths | before.paths
        self.places[key] = _Place(found.file, found.place, found.what, found.text, paths)


def _kinds_above(checked: Checked, kind: ProcessInfo) -> Iterator[str]:
    above = checked.package.award.processes.get(kind.parent or "")
    if above is not None:
        yield above.key
        yield from _kinds_above(checked, above)


def _deciding(text: str) -> frozenset[Path]:
    try:
        return deciding_paths(compiled(text).node, FUNCTIONS)
    except FeelSyntaxError:
        return frozenset()  # reported as a formula


def _begun_by_null(text: str) -> frozenset[Path]:
    """Return the paths that, being null, may make a condition hold: compared by !=, or by = under a not."""
    try:
        return frozenset(_met_by_null(compiled(text).node, denied=False))
    except FeelSyntaxError:
        return frozenset()  # reported as a formula


def _met_by_null(node: nodes.Node, *, denied: bool) -> Iterator[Path]:
    if isinstance(node, nodes.Logic):
        yield from (path for part in node.operands for path in _met_by_null(part, denied=denied))
    elif is_not(node):
        yield from (path for part in node.arguments for path in _met_by_null(part, denied=not denied))
    elif not (isinstance(node, nodes.CompareNode) and node.sign == ("!=" if denied else "=")):
        yield from deciding_paths(node, FUNCTIONS)


def _sure_where_true(text: str) -> Iterator[Path]:
    """Yield the paths that are not null where a condition holds."""
    for part in _conjuncts(text, settles=False):
        if isinstance(part, nodes.CompareNode) and not (part.sign == "=" and _has_null(part)):
            if part.sign != "!=" or _has_null(part):
                yield from (path for side in (part.left, part.right) for path in null_makers(side))
        elif (path := path_of(part)) is not None:
            yield path
        elif isinstance(part, nodes.In) and not names_null(part.tests):
            yield from null_makers(part.value)


def _sure_where_false(text: str) -> Iterator[Path]:
    """Yield the paths that are not null where a condition does not hold: it asks whether they are."""
    for part in _conjuncts(text, settles=True):
        if isinstance(part, nodes.CompareNode) and part.sign == "=" and _has_null(part):
            yield from (path for side in (part.left, part.right) for path in null_makers(side))


def _has_null(part: nodes.CompareNode) -> bool:
    return is_null_literal(part.left) or is_null_literal(part.right)


def _conjuncts(text: str, *, settles: bool) -> Iterator[nodes.Node]:
    """Yield what all holds where the whole is true (``settles`` False), what all fails where it is false (True)."""
    try:
        waiting = [compiled(text).node]
    except FeelSyntaxError:
        return  # reported as a formula
    while waiting:
        node = waiting.pop()
        if isinstance(node, nodes.Logic) and node.settles is settles:
            waiting.extend(node.operands)
        else:
            yield node


@check(Extent.PACKAGE, "may_be_empty")
def deciding_values_filled(checked: Checked) -> Iterator[Problem]:
    """What a condition compares was filled in or recorded on every way to it, or the formula says what holds otherwise."""
    found: dict[tuple[str, str, str], _Place] = {}
    for kind in checked.package.award.processes.values():
        walk = _Walk(checked, kind)
        walk.run()
        found = walk.places | found
    for place in found.values():
        names = "、".join(".".join(path) for path in sorted(place.paths))
        said = formula_word(place.what)
        yield warning(
            place.file, place.place, "may_be_empty",
            f"{said.zh}“{place.text}”所比较的“{names}”可能没有填写或者没有记录，届时办件停在这里。",
            f"{said.en} “{place.text}” compares “{names}”, which may not have been filled in or recorded: the case would stop here.",
            Text("写明没有时按什么办：x != null and …，if x = null then … else …；网关可以写 unknown = default，"
                 "决策表为 null 补一行；必须有的，表单中设为必填，或者先记录。",
                 "Say what holds then: x != null and …, if x = null then … else …; at a gateway unknown = default, in a table a row "
                 "for null; where it must be there, require the field or record it before."),
        )  # fmt: skip
