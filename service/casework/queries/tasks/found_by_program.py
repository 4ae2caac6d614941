"""What the program finds on the conditions of a case by itself, before anybody examines them: nothing is recorded."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import compress

from service.casework.reading.citations import CitedArticle, cite
from service.casework.reading.correction_items import iterate_computed
from service.casework.step.decide import finding_of, reference_day
from service.casework.step.step import Step
from service.catalog.formula_help.words import called
from service.catalog.tables.tables import TableDescription, TableRow
from service.domain.decisions import DecisionTable
from service.domain.decisions.columns import TableRule
from service.domain.forms import Form
from service.domain.forms.model import Computed, FormNode, Group, Input
from service.domain.text import Text
from service.domain.values.value_at import value_at

AT_HAND = frozenset({"param", "case", "reference_date"})
"""Names that are read with every case; what comes from them is a setting or a day, no source."""


def computed_at(form: Form, path: str) -> Computed | None:
    """Return the computed value at a path outside lists, None where something else or nothing is there."""
    return form.derived("computed outside lists", lambda: dict(iterate_computed(form.nodes, ""))).get(path)


def guarded_paths(step: Step, readable: frozenset[str]) -> frozenset[tuple[str, ...]]:
    """Return the paths of the personal and secret fields of the forms that may be read."""
    forms_by_name: Mapping[str, Form] = {name: step.desk.packages.form(step.package, name) for name in readable}
    return frozenset(
        (name, *path.replace("[]", "").split("."))
        for name, form in forms_by_name.items()
        for path in form.guarded_paths
    )


def is_guarded_path(path: tuple[str, ...], guarded: frozenset[tuple[str, ...]]) -> bool:
    """Return whether ``path`` is a guarded one, stands within it or holds it."""
    return any(
        path[: len(guarded_path)] == guarded_path or guarded_path[: len(path)] == path for guarded_path in guarded
    )


def facts_named(step: Step, paths: Iterable[str]) -> tuple[Text, ...]:
    """Return what the facts at dotted paths are called, those of one form together; what is read with every case is no source."""
    named: dict[str, list[Text]] = {}
    for whole in sorted(paths):
        label = called(step.package, [whole])[0]
        first = whole.partition(".")[0]
        if first not in AT_HAND and label.zh != whole:
            named.setdefault(first, []).append(label)
    return tuple(_describe_source(step, first, labels) for first, labels in named.items())


def _describe_source(step: Step, first: str, labels: list[Text]) -> Text:
    zh, en = "、".join(label.zh for label in labels), ", ".join(label.en for label in labels)
    if first not in step.package.forms:
        return Text(zh, en)
    title = step.desk.packages.form(step.package, first).title
    return Text(f"{title.zh}：{zh}", f"{title.en}: {en}")


_DECIDES, _WORDS = "met", ("met", "condition", "finding", "failure", "evidence")
_MACHINE, _UNKNOWN = "machine", "unknown"
TOLD = frozenset({"met", "condition", "finding", "failure", "clauses", "decided_by"})
"""The columns of results of which something is shown, or that decide whether."""
MET = "met"
"""The result of what speaks for an item, not against it."""
NOTICED = "noticed"
"""The result of a form that names by itself what is amiss in it, such as files that are missing."""
_WORD = re.compile(r'"\w*"')


@dataclass(frozen=True, slots=True)
class FoundByProgram:
    """A condition as the facts on record have it: ``result`` met or not_met, ``sources`` the facts and forms that it rests on.

    `NOTICED` is what a form computed of itself and says in words. ``reads`` are the paths of what decides it, each as
    ``form.path``.
    """

    result: str
    text: str | Text
    sources: tuple[Text, ...]
    articles: tuple[CitedArticle, ...]
    clauses: frozenset[str]
    reads: frozenset[str]


def select_item_findings(node: Input, findings: Collection[FoundByProgram]) -> list[FoundByProgram]:
    """Return what was found on what an item examines: it cites a clause of the item, and rests on what stands beside it.

    A clause alone is not enough: several conditions cite the same, such as the article that says who may apply.
    """
    cited = set(node.clauses)
    return [finding for finding in findings if finding.clauses & cited and reads_part(finding.reads, node.beside)]


def reads_part(paths: Collection[str], parts: Collection[str]) -> bool:
    """Return whether one of the paths is one of the parts of forms, stands within one or holds one."""
    return any(
        f"{path}.".startswith(f"{part}.") or f"{part}.".startswith(f"{path}.") for path in paths for part in parts
    )


def list_program_findings(step: Step, form: Form, readable: Collection[str]) -> tuple[FoundByProgram, ...]:
    """Return what the eligibility tables find on clauses that items of ``form`` cite, and what other forms computed on items.

    Items are fields that say what is normal or what stands beside them; a form without them costs nothing. Rows are
    evaluated over ``readable`` forms, the case's facts and its settings, which are at hand: what rests on more, such
    as the register, is left to the examination itself, as is what a person or a department has to find. What the form
    said before does not count. Where a row reads personal or secret facts, it is told by its condition alone.

    A computed text of another form that stands beside an item, such as the files that are missing there, is told too,
    unless it is computed from personal or secret fields; an empty one says that nothing is amiss.
    """
    cited = frozenset(clause for node in items_of(form.nodes) for clause in node.clauses)
    tables = (
        [eligibility_table for eligibility_table in step.package.tables.values() if eligibility_table.is_eligibility]
        if cited
        else []
    )
    readable_names = frozenset(readable) | {form.id, *AT_HAND}
    findings = [
        finding for described in tables for finding in _apply_table(step, described, cited, readable_names, form.id)
    ]
    return (*findings, *_iterate_noticed(step, form, readable))


def items_of(nodes: tuple[FormNode, ...]) -> Iterator[Input]:
    """Yield the fields of a form in which something is examined."""
    for node in nodes:
        if isinstance(node, Group):
            yield from items_of(node.children)
        elif isinstance(node, Input) and (node.normal is not None or node.beside):
            yield node


@dataclass(frozen=True, slots=True)
class _Noticing:
    """A computed text of another form that stands beside items: the same for every case of a version."""

    name: str
    path: tuple[str, ...]
    computed: Computed
    called: tuple[Text, ...]
    sources: tuple[Text, ...]
    articles: tuple[CitedArticle, ...]
    clauses: frozenset[str]
    reads: frozenset[str]


def _iterate_noticed(step: Step, form: Form, readable: Collection[str]) -> Iterator[FoundByProgram]:
    """Yield what other forms computed of themselves in words, at the items that they stand beside."""
    items = tuple((node.beside, node.clauses) for node in items_of(form.nodes) if node.beside)
    names = frozenset(readable) - {form.id}
    noticings = step.package.derived(
        ("noticed beside", items, names), lambda: tuple(_iterate_noticing(step, items, names)) if names else ()
    )
    for noticing in noticings:
        computed_text = value_at(step.scope.get(noticing.name), noticing.path)
        if isinstance(computed_text, str):
            result, words = (
                NOTICED if computed_text else MET,
                _in_words(noticing.computed, computed_text, noticing.called),
            )
            yield FoundByProgram(result, words, noticing.sources, noticing.articles, noticing.clauses, noticing.reads)


def _iterate_noticing(
    step: Step, items: Iterable[tuple[Sequence[str], Sequence[str]]], names: Collection[str]
) -> Iterator[_Noticing]:
    """Yield what may be noticed at items, each given as the parts beside it and its clauses, in the forms ``names``."""
    for part, clauses in ((part, clauses) for beside, clauses in items for part in beside):
        name, _, path = part.partition(".")
        computed = computed_at(step.desk.packages.form(step.package, name), path) if name in names else None
        if computed is None:
            continue
        reads = frozenset(".".join((name, *parts)) for parts in computed.formula.expression.paths)
        guarded = guarded_paths(step, frozenset({name}))
        if any(is_guarded_path(tuple(read_path.split(".")), guarded) for read_path in reads):
            continue
        yield _Noticing(
            name,
            tuple(path.split(".")),
            computed,
            called(step.package, sorted(reads)),
            facts_named(step, reads),
            cite(step.package, computed.clauses),
            frozenset(clauses),
            reads | {part},
        )


def _in_words(computed: Computed, names_text: str, names: Sequence[Text]) -> Text:
    """Return a computed list of names in both languages, where they are those of the fields that it reads."""
    english = {name.zh: name.en for name in names}
    english_names = (
        ", ".join(english.get(name_text, name_text) for name_text in names_text.split("、")) if names_text else "none"
    )
    return Text(f"{computed.label.zh}：{names_text or '无'}", f"{computed.label.en}: {english_names}")


@dataclass(frozen=True, slots=True)
class _TableAsked:
    """What is asked of a table beside one form: its ``rows`` that may be decided, those of them that are told by name alone.

    ``dated`` where a row counts to the day of the table, which may stand in the case above.
    """

    rows: DecisionTable
    shut: frozenset[str]
    dated: bool


def _apply_table(
    step: Step, described: TableDescription, cited: frozenset[str], readable_names: frozenset[str], form_id: str
) -> Iterator[FoundByProgram]:
    table = step.desk.packages.table(step.package, described.id)
    key = ("asked beside", described.id, cited, readable_names, form_id)
    table_questions = step.package.derived(
        key, lambda: _read_table(step, described, table, cited, readable_names, form_id)
    )
    if not table_questions.rows.rules:
        return
    day = reference_day(step, described.id) if table_questions.dated else None
    scope = step.scope.with_extra({form_id: None, "reference_date": day})
    for row in table_questions.rows.applying_rows(scope, step.environment):
        finding = finding_of(row)
        if finding.result == _UNKNOWN or finding.decided_by != _MACHINE:
            continue
        named = str(row.outputs.get("condition") or finding.text)
        yield FoundByProgram(
            finding.result,
            named if row.rule_id in table_questions.shut else finding.text,
            _list_sources(step, table, row.rule_id),
            cite(step.package, finding.clauses),
            frozenset(finding.clauses),
            frozenset(map(".".join, table.reads(row.rule_id, _DECIDES))),
        )


def _read_table(
    step: Step,
    described: TableDescription,
    table: DecisionTable,
    cited: frozenset[str],
    readable_names: frozenset[str],
    form_id: str,
) -> _TableAsked:
    """Return what is asked of a table: the same for every case of a version in which the same forms may be read."""
    decidable = step.package.derived(("decidable", described.id), lambda: dict(_iterate_decidable(described, table)))
    rules = tuple(
        rule
        for rule, row in ((rule, decidable.get(rule.id)) for rule in table.rules)
        if row is not None and row.asked <= readable_names and not cited.isdisjoint(row.clauses)
    )
    guarded = guarded_paths(step, readable_names - {form_id, *AT_HAND}) if rules else frozenset()
    shut = (
        rule.id
        for rule in rules
        if any(is_guarded_path(path, guarded) for column in _WORDS for path in table.reads(rule.id, column))
    )
    asked = restrict_table_rules(table, rules)
    return _TableAsked(asked, frozenset(shut), "reference_date" in asked.names)


def restrict_table_rules(table: DecisionTable, rules: tuple[TableRule, ...]) -> DecisionTable:
    """Return the table with ``rules`` alone, without the conditions that none of them has and the results that nobody is told."""
    used_inputs = [
        any(not rule.inputs[place].get().matches_everything for rule in rules) for place in range(len(table.inputs))
    ]
    public_outputs = [output.name in TOLD for output in table.outputs]
    return replace(
        table,
        inputs=tuple(compress(table.inputs, used_inputs)),
        outputs=tuple(compress(table.outputs, public_outputs)),
        rules=tuple(
            replace(
                rule,
                inputs=tuple(compress(rule.inputs, used_inputs)),
                outputs=tuple(compress(rule.outputs, public_outputs)),
            )
            for rule in rules
        ),
    )


@dataclass(frozen=True, slots=True)
class _Decidable:
    """A row that the program may decide on: the clauses it cites, and the names that the table and its words read."""

    clauses: frozenset[str]
    asked: frozenset[str]


def _iterate_decidable(described: TableDescription, table: DecisionTable) -> Iterator[tuple[str, _Decidable]]:
    """Yield the rows on which the program may decide, by their ids: the same for every case of a version."""
    input_names = frozenset(path[0] for column in table.inputs for path in column.expression.get().paths)
    for row in described.rows:
        if decided_by_program(described, row):
            yield row.id, _Decidable(frozenset(described.clauses(row)), input_names | _collect_names(table, row.id))


def decided_by_program(described: TableDescription, row: TableRow) -> bool:
    """Return whether the program may decide on a row: its cell says so, says nothing, or is only told with the case."""
    decider = described.output(row, "decided_by")
    return decider in ("", f'"{_MACHINE}"') or not _WORD.fullmatch(decider)


def _collect_names(table: DecisionTable, ground: str) -> frozenset[str]:
    """Return the names that the words and the result of a row read."""
    return frozenset(path[0] for column in _WORDS for path in table.reads(ground, column))


def _list_sources(step: Step, table: DecisionTable, ground: str) -> tuple[Text, ...]:
    """Return the facts that decide, those of one form together; settings of the city are no source."""
    return step.package.derived(("sources", table.id, ground), lambda: _named_sources(step, table, ground))


def _named_sources(step: Step, table: DecisionTable, ground: str) -> tuple[Text, ...]:
    return facts_named(step, map(".".join, table.reads(ground, _DECIDES)))
