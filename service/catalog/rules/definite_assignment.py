"""Definite assignment: what decides was filled in or recorded on every way to it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TypeAlias

from service.catalog.award import ProcessInfo
from service.catalog.bpmn.kinds import Kind, Purpose
from service.catalog.bpmn.model import Diagram, Element, Flow
from service.catalog.bpmn.scope import FlowScope, keys_of, scopes_of
from service.catalog.bpmn.vocabulary import UNKNOWN, UNKNOWN_IS_DEFAULT
from service.catalog.feel import FUNCTIONS, compiled, compiled_tests
from service.catalog.formula_names.record_names import is_box
from service.catalog.problems import Problem
from service.catalog.rules.context import Checked, build_warning_problem
from service.catalog.rules.facts import entries_of_context, facts_handed_on, facts_recorded_by, unset_facts
from service.catalog.rules.form_types import read_form
from service.catalog.rules.formula_words import formula_word
from service.catalog.rules.formulas import OVER_RECORD, ROW_NAMES, TEXTS_OVER_RECORD, Formula, diagram_formulas
from service.catalog.rules.registry import Extent, check
from service.catalog.rules.scopes import CASE
from service.domain.feel import Expression, FeelSyntaxError, nodes
from service.domain.feel.null_paths import (
    compared_with_null,
    deciding_paths,
    filled_where_false,
    filled_where_true,
    is_null_literal,
    iterate_decided_values,
    met_by_null,
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


@check(Extent.PACKAGE, "may_be_empty")
def deciding_values_filled(checked: Checked) -> Iterator[Problem]:
    """What a condition compares was filled in or recorded on every way to it, or the formula says what holds otherwise."""
    decisions: dict[tuple[str, str, str], _Decision] = {}
    for kind in checked.package.award.processes.values():
        walk = _Walk(checked, kind)
        walk.run()
        decisions = walk.decisions | decisions
    for decision in decisions.values():
        names = "、".join(".".join(path) for path in sorted(decision.empty))
        label = decision.label
        yield build_warning_problem(
            decision.file, decision.place, "may_be_empty",
            f"{label.zh}“{decision.text}”所比较的“{names}”可能没有填写或者没有记录，届时办件停在这里。",
            f"{label.en} “{decision.text}” compares “{names}”, which may not have been filled in or recorded: the case would stop here.",
            Text("写明没有时按什么办：x != null and …，if x = null then … else …；网关可以写 unknown = default，"
                 "决策表为 null 补一行；必须有的，表单中设为必填，或者先记录。",
                 "Say what holds then: x != null and …, if x = null then … else …; at a gateway unknown = default, in a table a row "
                 "for null; where it must be there, require the field or record it before."),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Decision:
    """A formula that decides, where it stands, and the paths that may be ``empty`` there."""

    file: str
    place: str
    label: Text
    text: str
    empty: frozenset[Path]


class _Walk:
    """Walks all ways of one kind of case and collects what may be empty where it decides."""

    def __init__(self, checked: Checked, kind: ProcessInfo) -> None:
        self.checked, self.kind = checked, kind
        self.decisions: dict[tuple[str, str, str], _Decision] = {}
        self._called: dict[tuple[str, State], State] = {}
        self._above: list[str] = []
        self._facts_set = frozenset(kind.facts) - unset_facts(checked)[kind.key]
        self._kinds_above = frozenset(_list_kinds_above(checked, kind))
        self._variables: set[str] = set()
        self._formulas: defaultdict[tuple[str, str], list[Formula]] = defaultdict(list)
        for diagram in checked.package.diagrams.values():
            if kind in checked.kinds.get(diagram.process_id, ()):
                self._variables |= diagram.variables.keys()
                for formula in diagram_formulas(checked, diagram):
                    if formula.what not in _SHOWN:
                        self._formulas[formula.file, formula.place].append(formula)

    def run(self) -> None:
        """Walk from the start of the kind's process."""
        form, award = self.kind.start_form or "", self.checked.package.award
        fields = required_fields(self.checked, form) if form else frozenset()
        known = {*(CASE - {"outcome"}), *facts_handed_on(self.checked).get(self.kind.key, ())}
        state: set[Path] = {("case", name) for name in known | (fields & self.kind.facts.keys())}
        if form:
            state |= {(form,), *((form, name) for name in fields)}
        for action in award.actions.values():
            if action.process == self.kind.key and action.condition:
                place = f"actions.{action.id}.condition"
                self._judge_beginning(
                    self.checked.package.award_file, place, formula_word("action_condition"), action.condition, state
                )
        diagram = self.checked.package.processes.get(self.kind.process)
        if diagram is not None:
            start = next(iter(diagram.of(Kind.START)), None)
            state |= {(name,) for name in (start.routes if start is not None else ()) if name in fields}
            self._walk_diagram(diagram, frozenset(state))

    def _walk_diagram(self, diagram: Diagram, entry: State) -> State:
        """Return what is filled at every end of a diagram that was entered with ``entry``."""
        key = (diagram.process_id, entry)
        if key in self._called or diagram.process_id in self._above:
            return self._called.get(key, entry)
        self._above.append(diagram.process_id)
        scopes = {scope.id: scope for scope in scopes_of(diagram)}
        self._called[key] = self._walk_scope(scopes, diagram.process_id, entry)
        self._above.pop()
        return self._called[key]

    def _walk_scope(self, scopes: Mapping[str, FlowScope], ident: str, entry: State) -> State:
        scope = scopes[ident]
        queue = [node.id for node in scope.nodes.values() if node.kind is Kind.START or node.event_subprocess]
        before: dict[str, State] = dict.fromkeys(queue, entry)
        after: dict[str, State] = {}
        while queue:
            here = queue.pop(0)
            after[here] = self._pass_element(scopes, scope.nodes[here], before[here])
            ways = [(flow.target, self._follow(scope, flow, after[here])) for flow in scope.outgoing.get(here, ())]
            ways += [(event.id, before[here]) for event in scope.attached.get(here, ())]
            for target, state in ways:
                if target not in scope.nodes:
                    continue
                joined = self._join(scope, target, before, state)
                if before.get(target) != joined:
                    before[target] = joined
                    if target not in queue:
                        queue.append(target)
        for here, state in before.items():
            self._judge_element(scope, scope.nodes[here], state)
        ends = [after[node.id] for node in scope.of(Kind.END) if node.id in after]
        return frozenset.intersection(*ends) if ends else entry

    def _join(self, scope: FlowScope, target: str, before: Mapping[str, State], state: State) -> State:
        if target not in before:
            return state
        parallel = scope.nodes[target].kind is Kind.PARALLEL and len(scope.incoming.get(target, ())) > 1
        return before[target] | state if parallel else before[target] & state

    def _pass_element(self, scopes: Mapping[str, FlowScope], node: Element, state: State) -> State:
        """Return what is filled once a token has passed ``node``."""
        if node.kind is Kind.CALL:
            called = self.checked.package.processes.get(node.called)
            if called is None:
                return state
            inside = self._walk_diagram(called, state | _item_of(node))
            if node.multi is not None:
                return state | {(key,) for key in keys_of(node)}
            out = {*called.outputs, *self.checked.package.forms}
            return frozenset(path for path in inside if len(path) > 1 or path in state or path[0] in out)
        if node.kind.is_scope and node.id in scopes:
            inside = self._walk_scope(scopes, node.id, state | _item_of(node))
            return inside if node.multi is None and not node.event_subprocess else state
        return self._fill(node, state)

    def _fill(self, node: Element, state: State) -> State:
        """Return what is filled once ``node`` itself is done."""
        emptied: set[Path] = set()
        filled: set[Path] = {(key,) for key in keys_of(node)}
        if node.form and node.multi is None:
            fields = required_fields(self.checked, node.form)
            filled |= {(node.form,), *((node.form, name) for name in fields)}
            emptied |= {(node.form, name) for name in self.checked.keys.get(node.form, frozenset()) - fields}
            emptied |= {(name.rsplit(".", 1)[-1],) for name in node.routes if name not in fields}
        for action in self.checked.package.award.actions.values() if node.message else ():
            if action.message == node.message and action.form:
                fields = required_fields(self.checked, action.form)
                filled |= {(action.form,), *((action.form, name) for name in fields)}
        written = _facts_written(node)
        for name in facts_recorded_by(self.checked, node):
            is_empty = name in written and self._may_be_null(written[name], state)
            (emptied if is_empty else filled).add(("case", name))
        return frozenset(state - emptied) | (filled - emptied)

    def _may_be_null(self, node: nodes.Node, state: State) -> bool:
        """Say whether a value that is written may be null, as far as that is plain."""
        path = path_of(node)
        if path is not None:
            return bool(self._find_empty({path}, state))
        if isinstance(node, nodes.If):
            asked = state | {slot for path in compared_with_null(node) if (slot := self._slot_of(path)) is not None}
            return any(self._may_be_null(part, asked) for part in (node.then, node.otherwise))
        return is_null_literal(node)

    def _find_empty(self, paths: Iterable[Path], state: State) -> frozenset[Path]:
        """Return of ``paths`` those that may be null in ``state``, as far as it is known what fills them."""
        return frozenset(path for path in paths if (slot := self._slot_of(path)) is not None and slot not in state)

    def _slot_of(self, path: Path) -> Path | None:
        """Return what has to be filled for ``path`` to have a value; None where that is not known."""
        if path[0] == "case":  # a fact that nothing sets is told by itself
            return path[:2] if len(path) > 1 and path[1] in self._facts_set else None
        if path[0] in self._kinds_above:
            return None
        if path[0] in self.checked.package.forms:
            keys = self.checked.keys.get(path[0], frozenset())
            return path[:2] if len(path) > 1 and path[1] in keys else path[:1]
        return path[:1] if path[0] in self._variables else None

    def _follow(self, scope: FlowScope, flow: Flow, state: State) -> State:
        """Return what is filled on a way: what its condition says, and what the gateway would not have passed without."""
        gateway = scope.nodes[flow.source]
        ways = scope.outgoing.get(gateway.id, ())
        if not gateway.kind.decides or len(ways) < 2:
            return state
        certain: set[Path] = set()
        if not flow.condition:
            conditions = [node for way in ways if way.condition and (node := _parse(way.condition)) is not None]
            for other in conditions:
                certain |= {*filled_where_false(other), *self._find_visible_fields(other, state, holds=False)}
        elif (node := _parse(flow.condition)) is not None:
            certain |= {*filled_where_true(node), *self._find_visible_fields(node, state, holds=True)}
        if gateway.properties.get(UNKNOWN) != UNKNOWN_IS_DEFAULT:
            certain |= {path for way in ways for path in _deciding_paths(way.condition)}
        return state | {slot for path in certain if (slot := self._slot_of(path)) is not None}

    def _find_visible_fields(self, condition: nodes.Node, state: State, *, holds: bool) -> Iterator[Path]:
        """Yield the required fields that are certainly shown where a condition ``holds``, or does not."""
        for path, values in iterate_decided_values(condition, holds=holds):
            scopes = [{path[-1]: value} for value in values]
            filled = [form for form in self.checked.package.forms if (form,) in state]
            forms = [form for form in filled if path[-1] in self.checked.keys.get(form, ())]
            for form in forms if len(path) == 1 else {path[0]}.intersection(forms):  # a variable: any that routed it
                for field, hides in hiding_conditions(self.checked, form).items():
                    if not any(
                        hide.evaluate(scope) is not False or hide.undecided(scope) for hide in hides for scope in scopes
                    ):
                        yield form, field
                        if len(path) == 1:
                            yield (field,)

    def _judge_element(self, scope: FlowScope, node: Element, state: State) -> None:
        file, takes_default = scope.diagram.file, node.properties.get(UNKNOWN) == UNKNOWN_IS_DEFAULT
        if node.kind.decides and not takes_default:
            for flow in scope.outgoing.get(node.id, ()):
                if flow.condition:
                    self._judge_formula(file, flow.id, formula_word(Purpose.CONDITION), flow.condition, state)
        for formula in self._formulas.get((file, node.id), ()):
            rows = () if formula.is_whole else ROW_NAMES
            filled = state | _item_of(node) | {(name,) for name in rows}
            self._judge_formula(file, node.id, formula.label, formula.text, filled)
        if node.barrier and not takes_default:
            self._judge_beginning(file, node.id, formula_word("barrier"), node.barrier, state)
        if node.kind is Kind.RULE_TASK and node.decision in self.checked.package.tables:
            self._judge_table(scope, node, state)

    def _judge_table(self, scope: FlowScope, node: Element, state: State) -> None:
        table = self.checked.package.tables[node.decision]
        if table.is_eligibility:
            return
        for place, column in enumerate(table.inputs):
            cells = [row.inputs[place] for row in table.rows if place < len(row.inputs)]
            try:
                formula, tests = compiled(column.expression).node, [compiled_tests(cell) for cell in cells]
            except FeelSyntaxError:
                continue  # reported as a table
            if names_null(formula) or any(names_null(each.node) for each in tests):
                continue
            if all(each.matches_everything for each in tests):
                continue
            empty = self._find_empty({*null_makers(formula), *deciding_paths(formula, FUNCTIONS)}, state)
            name = column.label or column.expression
            label = Text(f"{table.name}：{name}", f"{table.name}: {name}")
            self._add(_Decision(scope.diagram.file, node.id, label, column.expression, empty))

    def _judge_formula(self, file: str, place: str, label: Text, text: str, state: State) -> None:
        node = _parse(text)
        if node is not None:
            self._judge_paths(_Decision(file, place, label, text, _deciding_paths(text)), node, state)

    def _judge_beginning(self, file: str, place: str, label: Text, text: str, state: Iterable[Path]) -> None:
        """Judge a condition that begins something once it holds: only a null that makes it hold does harm."""
        node = _parse(text)
        if node is not None:
            paths = _deciding_paths(text) & frozenset(met_by_null(node, FUNCTIONS))
            self._judge_paths(_Decision(file, place, label, text, paths), node, frozenset(state))

    def _judge_paths(self, decision: _Decision, node: nodes.Node, state: State) -> None:
        if empty := self._find_empty(decision.empty, state):
            shown = {path for holds in (True, False) for path in self._find_visible_fields(node, state, holds=holds)}
            self._add(replace(decision, empty=empty - shown))

    def _add(self, decision: _Decision) -> None:
        if decision.empty:
            key = (decision.file, decision.place, decision.text)
            before = self.decisions.get(key, decision)
            self.decisions[key] = replace(decision, empty=decision.empty | before.empty)


def _parse(text: str) -> nodes.Node | None:
    try:
        return compiled(text).node if text else None
    except FeelSyntaxError:
        return None  # reported as a formula


@lru_cache(maxsize=4096)
def _deciding_paths(text: str) -> frozenset[Path]:
    """Return the paths by which a formula would be decided if they were null: a formula is met on every way to it."""
    node = _parse(text)
    return deciding_paths(node, FUNCTIONS) if node is not None else frozenset()


def _item_of(node: Element) -> State:
    return frozenset({(node.multi.item,)}) if node.multi is not None else frozenset()


def _list_kinds_above(checked: Checked, kind: ProcessInfo) -> Iterator[str]:
    above = checked.package.award.processes.get(kind.parent or "")
    if above is not None:
        yield above.key
        yield from _list_kinds_above(checked, above)


def _facts_written(node: Element) -> dict[str, nodes.Node]:
    """Return what ``case.set`` is written to record, by fact."""
    if node.operation is None or node.operation.operation != "case.set":
        return {}
    written = entries_of_context(node.operation.parameters.get("facts", ""))
    for name, value in entries_of_context(node.operation.parameters.get("from_records", "")).items():
        text = value.value if isinstance(value, nodes.Literal) else None
        if isinstance(text, str) and (formula := _parse(text)) is not None:
            written[name] = formula
    return written


def required_fields(checked: Checked, form: str) -> frozenset[str]:
    """Return the fields of a form that cannot be left empty, and the parts of it that are no single field."""
    return checked.once(("required fields", form), lambda: frozenset(_find_required(checked, form)))


def _find_required(checked: Checked, form: str) -> Iterator[str]:
    if form not in checked.schemas:
        yield from checked.keys.get(form, ())  # a score sheet
        return
    for node, hides in _leaves_of(checked, form):
        if isinstance(node, Group | Rows):
            yield node.path or ""
        elif not isinstance(node, Input):
            yield getattr(node, "key", "")
        elif is_box(node) or node.unticked_is_false or node.readonly is True or (node.required and not hides):
            yield node.key  # a box has a rule of its own; what is locked is filled by the diagram


def hiding_conditions(checked: Checked, form: str) -> Mapping[str, tuple[Expression, ...]]:
    """Return by field what hides the fields of a form that cannot be left empty where they are shown."""
    return checked.once(
        ("hiding conditions", form),
        lambda: {
            node.key: hides
            for node, hides in _leaves_of(checked, form)
            if isinstance(node, Input) and node.required and hides
        },
    )


def _leaves_of(checked: Checked, form: str) -> Iterator[tuple[FormNode, tuple[Expression, ...]]]:
    """Yield the parts of a form that hold values, with the conditions that hide them or what they stand in."""
    path = checked.package.forms[form]
    read = read_form(checked.package.files[path], path) if form in checked.schemas else None
    queue: list[tuple[FormNode, tuple[Expression, ...]]] = [(node, ()) for node in (read.nodes if read else ())]
    while queue:
        node, around = queue.pop()
        hides = (*around, node.hide.expression) if node.hide is not None else around
        if isinstance(node, Group) and node.path is None:
            queue += [(child, hides) for child in node.children]
        else:
            yield node, hides
