"""What the program finds on the conditions of a case by itself, before anybody examines them: nothing is recorded."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import compress
from typing import Any

from service.casework.reading.citations import CitedArticle, cite
from service.casework.reading.correction_items import iterate_computed
from service.casework.reading.submissions import private_elements
from service.casework.step.decide import finding_of, reference_day
from service.casework.step.fill import form_settings
from service.casework.step.step import Step
from service.catalog import Package
from service.catalog.applications import is_application
from service.catalog.formula_help.words import called
from service.catalog.tables.tables import TableDescription, TableRow
from service.domain.calendar import day_on_record
from service.domain.calendar.clock import format_full_day
from service.domain.decisions import DecisionTable
from service.domain.decisions.columns import RowResult, TableRule
from service.domain.forms import Form, InputType
from service.domain.forms.model import Computed, FormNode, Group, Input, format_dotted_path
from service.domain.forms.normal import normal_fields
from service.domain.text import Text
from service.domain.values.value_at import value_at
from service.engine import Environment

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
NOT_MET, UNPROVEN = "not_met", "unproven"
"""The results of a condition that is not met, and of one that what was filled in does not prove."""
_WORD = re.compile(r'"\w*"')


@dataclass(frozen=True, slots=True)
class FoundByProgram:
    """A condition as the facts on record have it: ``result`` met or not_met, ``sources`` the facts and forms that it rests on.

    `NOTICED` is what a form computed of itself and says in words; of what is `UNPROVEN` ``sources`` are the facts that
    it lacks. ``reads`` are the paths of what decides it, each as ``form.path``; ``ground`` is its row in the table.
    """

    result: str
    text: str | Text
    sources: tuple[Text, ...]
    articles: tuple[CitedArticle, ...]
    clauses: frozenset[str]
    reads: frozenset[str]
    ground: str = ""


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


@dataclass(frozen=True, slots=True)
class _TableBeside:
    """What a table may decide beside a form: its rows, the names that they read as they are on record, and their surroundings."""

    asked: _TableAsked
    sources: Mapping[str, tuple[Text, ...]]
    reads: Mapping[str, frozenset[str]]
    scope: Mapping[str, Any]
    environment: Environment


@dataclass(frozen=True, slots=True)
class Conditions:
    """The conditions of an application as the program decides them beside form ``form``, by the tables of the examination.

    ``theirs`` are the forms of who applies. Where ``own``, they fill in the form, and what they type counts; for
    who examines it what the form says does not.
    """

    package: Package
    form: Form
    own: bool
    theirs: frozenset[str]
    tables: tuple[_TableBeside, ...]

    def find(self, typed: Mapping[str, Any]) -> tuple[FoundByProgram, ...]:
        """Return how the conditions stand with what is ``typed``, as JSON; of what is still open only what this form proves."""
        return tuple(
            finding
            for table in self.tables
            for row in table.asked.rows.applying_rows(
                {**table.scope, self.form.id: typed if self.own else None}, table.environment
            )
            if (finding := self._judge(table, row, typed)) is not None
        )

    def _judge(self, table: _TableBeside, row: RowResult, typed: Mapping[str, Any]) -> FoundByProgram | None:
        finding, reads = finding_of(row), table.reads[row.rule_id]
        if finding.decided_by != _MACHINE:
            return None
        scope = {**table.scope, self.form.id: typed if self.own else None}
        result, missing = finding.result, finding.unknown
        if self.own and result == NOT_MET:
            if any(path.startswith("case.") and value_at(scope, path.split(".")) is None for path in reads):
                return None  # what is not known of the case yet speaks against nobody
            missing = tuple(path for path in sorted(reads) if self._is_absent_file(path, scope))
            result = _UNKNOWN if missing else result
        if result == _UNKNOWN:
            if not (self.own and missing and all(path.startswith(f"{self.form.id}.") for path in missing)):
                return None
            result = UNPROVEN
        condition = str(row.outputs.get("condition") or finding.text)
        told = condition if result == UNPROVEN or (row.rule_id in table.asked.shut and not self.own) else finding.text
        dated = () if row.rule_id in table.asked.shut and not self.own else self._list_days(reads, scope)
        return FoundByProgram(
            result,
            told,
            called(self.package, missing)
            if result == UNPROVEN
            else dated
            if dated and self.own
            else (*dated, *table.sources[row.rule_id]),
            cite(self.package, finding.clauses),
            frozenset(finding.clauses),
            reads,
            row.rule_id,
        )

    def _is_absent_file(self, path: str, scope: Mapping[str, Any]) -> bool:
        return (
            path.startswith(f"{self.form.id}.")
            and path.partition(".")[2] in self.form.derived("uploads", lambda: _list_uploads(self.form))
            and not value_at(scope, path.split("."))
        )

    def _list_days(self, reads: Iterable[str], scope: Mapping[str, Any]) -> tuple[Text, ...]:
        """Return the days that a condition counts from, each with the months until the day to which it counts."""
        until = scope.get("reference_date")
        days = [(path, _read_day(value_at(scope, path.split(".")))) for path in sorted(reads) if "." in path]
        if not isinstance(until, date) or "reference_date" not in reads:
            return ()
        return tuple(
            _describe_span(called(self.package, [path])[0], day, until)
            for path, day in days
            if day is not None and day <= until and path.partition(".")[0] in self.theirs
        )


def _list_uploads(form: Form) -> frozenset[str]:
    return frozenset(field.path for field in form.fields() if field.type is InputType.UPLOAD)


def _read_day(value: object) -> date | None:
    try:
        return value if isinstance(value, date) else day_on_record(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _describe_span(label: Text, day: date, until: date) -> Text:
    months = (until.year - day.year) * 12 + until.month - day.month - (until.day < day.day)
    first, last = format_full_day(day), format_full_day(until)
    return Text(
        f"{label.zh} {first.zh}起算，到{last.zh}为 {months} 个月",
        f"{label.en}: from {first.en} to {last.en} it is {months} months",
    )


def conditions_beside(step: Step, role: str, form: Form) -> Conditions | None:
    """Return the conditions of an application that the program decides beside ``form``, filled in by ``role``.

    Who applies is told while they fill in what a table reads, and until the application is handed in; who examines it,
    where items of the form cite conditions. None elsewhere.
    """
    package, process = step.package, step.package.award.processes.get(step.case.process)
    if process is None or not is_application(package, process):
        return None
    subject = package.jurisdiction.roles.get(role)
    own = subject is not None and subject.subject
    names = frozenset(package.forms) | AT_HAND | ({process.parent} if process.parent else frozenset())
    described_rows = package.derived(
        ("conditions beside", process.key, own, form.id),
        lambda: _list_asked(step, form, names, own=own),
    )
    received = (step.case.facts or {}).get("received_on")
    if not described_rows or (
        own and received and not any(form.id in asked.rows.names for _, _, asked in described_rows)
    ):
        return None
    theirs = package.derived("forms of the subject", lambda: _list_subject_forms(package))
    alone = private_elements(package)
    readable = {
        name: rows[-1]
        for name, rows in step.scope["forms"].items()
        if (name in theirs if own else not any(row["_element"] in alone for row in rows))
    }
    environment = Environment(
        step.now,
        step.environment.calendar,
        {"param": step.case.parameters, "case": step.scope["case"]},
        step.environment.counting,
    )
    tables = tuple(
        _TableBeside(
            asked,
            {rule.id: _list_sources(step, table, rule.id, theirs if own else None) for rule in asked.rows.rules},
            {rule.id: frozenset(map(".".join, table.reads(rule.id, _DECIDES))) for rule in asked.rows.rules},
            {
                name: readable.get(name) if name in package.forms else step.scope.get(name)
                for name in asked.rows.names - {"reference_date"}
            }
            | {"reference_date": reference_day(step, ident) if asked.dated else None},
            environment,
        )
        for ident, table, asked in described_rows
    )
    return Conditions(package, form, own, theirs, tables)


@dataclass(frozen=True, slots=True)
class ConditionDoubt:
    """What the program found against what a form says: ``path`` is the field to look at, "" where it has none for it."""

    finding: FoundByProgram
    path: str

    @property
    def key(self) -> str:
        """What tells that the person was asked about it."""
        return f"condition-{self.finding.ground}-{self.finding.result}"


def list_condition_doubts(step: Step, role: str, form: Form, values: Mapping[str, Any]) -> tuple[ConditionDoubt, ...]:
    """Return what speaks against ``form`` as it is sent with ``values``, as JSON: its sender is asked whether that is meant.

    Who applies is asked about each condition that is not met or not proven, who examines it about one that is not met
    although its item, or where it has none every item, is answered as normal.
    """
    conditions = conditions_beside(step, role, form)
    if conditions is None:
        return ()
    findings = conditions.find(values)
    if conditions.own:
        return tuple(ConditionDoubt(f, _field_of(form, f.reads)) for f in findings if f.result in (NOT_MET, UNPROVEN))
    stored = {**form_settings(step.package, step.case.parameters), **values}
    answers = [
        row for row in normal_fields(form.nodes, form.state(values, today=step.today, stored=stored)) if row.is_choice
    ]
    odd = [row for row in answers if row.found not in (None, row.normal)]
    doubts = []
    for finding in findings:
        items = [row for row in answers if select_item_findings(row.node, [finding])]
        if finding.result == NOT_MET and not any(row in odd for row in items or odd):
            doubts.append(ConditionDoubt(finding, format_dotted_path(items[0].path) if items else ""))
    return tuple(doubts)


def _field_of(form: Form, reads: Collection[str]) -> str:
    """Return the first field of the form that a condition reads."""
    paths = (field.path for field in form.fields())
    return next(
        (path.partition("[]")[0] for path in paths if reads_part(reads, (f"{form.id}.{path.replace('[]', '')}",))), ""
    )


def _list_asked(
    step: Step, form: Form, names: frozenset[str], *, own: bool
) -> tuple[tuple[str, DecisionTable, _TableAsked], ...]:
    """Return the rows of each table that rest on ``names`` alone, none where the items of ``form`` are about none."""
    package, cited = step.package, frozenset(clause for node in items_of(form.nodes) for clause in node.clauses)
    listed = []
    for described in (table for table in package.tables.values() if table.is_eligibility):
        table = step.desk.packages.table(package, described.id)
        decidable = dict(_iterate_decidable(described, table))
        if own or any(not row.clauses.isdisjoint(cited) for row in decidable.values()):
            rules = tuple(rule for rule in table.rules if (row := decidable.get(rule.id)) and row.asked <= names)
            read_forms = frozenset(name for rule in rules for name in decidable[rule.id].asked) & frozenset(
                package.forms
            )
            guarded = guarded_paths(step, read_forms)
            shut = (rule.id for rule in rules if _tells_guarded(table, rule.id, guarded))
            asked = restrict_table_rules(table, rules)
            listed.append((described.id, table, _TableAsked(asked, frozenset(shut), "reference_date" in asked.names)))
    return tuple(entry for entry in listed if entry[2].rows.rules)


def _list_subject_forms(package: Package) -> frozenset[str]:
    """Return the forms that whoever applies fills in."""
    roles = {key for key, role in package.jurisdiction.roles.items() if role.subject}
    elements = (element for diagram in package.processes.values() for element in diagram.elements.values())
    starts = {p.start_form for p in package.award.processes.values() if p.start_form and roles & {*p.started_by}}
    return frozenset({e.form for e in elements if e.form and package.role_of(e) in roles} | starts)


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
    shut = (rule.id for rule in rules if _tells_guarded(table, rule.id, guarded))
    asked = restrict_table_rules(table, rules)
    return _TableAsked(asked, frozenset(shut), "reference_date" in asked.names)


def _tells_guarded(table: DecisionTable, ground: str, guarded: frozenset[tuple[str, ...]]) -> bool:
    return any(is_guarded_path(path, guarded) for column in _WORDS for path in table.reads(ground, column))


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


def _list_sources(
    step: Step, table: DecisionTable, ground: str, forms: frozenset[str] | None = None
) -> tuple[Text, ...]:
    """Return the facts that decide, those of one form together, of ``forms`` alone; settings of the city are no source."""
    paths = (path for path in table.reads(ground, _DECIDES) if forms is None or path[0] in forms)
    key = ("sources", table.id, ground, forms)
    return step.package.derived(key, lambda: facts_named(step, map(".".join, paths)))
