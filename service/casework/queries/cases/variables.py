"""The variables of a case with their history: when, at which step and by whom each got its values, masked by right."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from typing import Any

from service.casework.access.actor import SYSTEM, Actor
from service.casework.access.case_access import require_case
from service.casework.desk.desk import Desk
from service.casework.reading.submissions import Submission
from service.casework.reading.value_words import value_in_words
from service.catalog import Package
from service.catalog.formula_help.words import called
from service.catalog.scenarios.scenario_terms import terms_of
from service.domain.errors import NotAllowed, NotFound
from service.domain.forms.model import Computed, Group, Input, key_of, same_object
from service.domain.proof.fact_changes import FactChange, LongValue, read_changes
from service.domain.text import Text
from service.domain.values.value_at import value_at
from service.store import Transaction
from service.store.models import AuditRow, CaseRow, FindingRow

NEWEST = 20
"""So many values of a variable are told."""

_MASK = Text("●●●", "●●●")
_ENTRIES = 500
"""So many entries of a history are read."""
_LONGEST_STEP = 40


@dataclass(frozen=True, slots=True)
class VariableValue:
    """A value that a variable got: before it ``before`` (None: nothing known), at which step, by whom.

    ``form`` is the submitted form it stands in, ``entry`` the number of the entry of the history that it came with.
    """

    value: Text
    before: Text | None
    at: datetime
    step: Text
    who: str
    form: int | None
    entry: int | None

    @property
    def by_program(self) -> bool:
        """Whether no person gave it."""
        return self.who == SYSTEM.name


@dataclass(frozen=True, slots=True)
class VariableLine:
    """A variable with the newest values it was given, of ``total``; one that is a fact has its value now."""

    name: str
    label: Text
    values: tuple[VariableValue, ...]
    total: int
    fact: Text | None


def overseen_case(tx: Transaction, actor: Actor, case_id: int) -> CaseRow:
    """Return a case to those who oversee its place; raises NotFound, NotAllowed."""
    case = tx.cases.get(case_id)
    require_case(actor, case, tx)
    if not actor.oversees(case.jurisdiction):
        raise NotAllowed(
            Text("办件的运行情况由负责本辖区的人员查看。", "Who oversees the place may look inside its cases.")
        )
    return case


def variables_of(
    tx: Transaction, package: Package, case: CaseRow, submissions: Iterable[Submission]
) -> tuple[VariableLine, ...]:
    """Return the variables of a case by name, each with its newest values."""
    rows = tx.history.select("-seq", limit=_ENTRIES, case_id=case.id, changed__ne=None)
    all_submissions = list(submissions)
    hidden = {
        field.path.split(".")[0].removesuffix("[]")
        for submission in all_submissions
        for field in submission.form.fields()
        if field.personal or field.secret
    }
    dated_values = sorted(
        [*_filled_in(package, all_submissions), *_iterate_changes(package, rows)],
        key=lambda entry: (entry[0], entry[1].at),
    )
    values = {
        name: tuple(value for _, value in group)[::-1]
        for name, group in groupby(dated_values, key=lambda entry: entry[0])
    }
    facts: Mapping[str, Any] = case.facts or {}
    lines = []
    for name in sorted({*values, *facts}):
        had = values.get(name, ())
        fact = value_in_words(package, facts[name]) if name in facts else None
        if name in hidden:
            had, fact = tuple(map(_mask_value, had)), fact and _MASK
        lines.append(VariableLine(name, _get_label(package, name, all_submissions), had[:NEWEST], len(had), fact))
    return tuple(lines)


def _mask_value(value: VariableValue) -> VariableValue:
    return replace(value, value=_MASK, before=value.before and _MASK)


def _get_label(package: Package, name: str, submissions: Iterable[Submission]) -> Text:
    """Return what a variable is called: by its field, by the list of facts, or by the form that holds it."""
    within: Text | None = None
    for submission in submissions:
        node = next((node for node in same_object(submission.form.nodes) if key_of(node) == name), None)
        if node is not None and node.label.zh:
            return node.label
        if name in submission.read.plain and within is None:
            computed = isinstance(node, Computed)
            zh, en = ("的计算项", "computed by") if computed else ("填写的内容", "filled in at")
            within = Text(f"“{submission.title.zh}”{zh}", f"{en} “{submission.title.en}”")
    fact_name = terms_of(package).word(name, "fact")
    return fact_name if fact_name.zh != name or within is None else within


def _filled_in(package: Package, submissions: Sequence[Submission]) -> Iterator[tuple[str, VariableValue]]:
    """Yield what stands in submitted forms, oldest first; what it was before is what the same form held."""
    before: dict[tuple[str, str, str], Text] = {}
    for submission in reversed(submissions):
        inputs = {node.key: node for node in same_object(submission.form.nodes) if isinstance(node, Input)}
        step = Text(submission.step, submission.step) if submission.step else submission.title
        for name, value in submission.read.plain.items():
            value_text = value_in_words(package, value, inputs.get(name))
            place = (submission.title.zh, submission.step, name)
            yield (
                name,
                VariableValue(value_text, before.get(place), submission.at, step, submission.who, submission.id, None),
            )
            before[place] = value_text


def _iterate_changes(package: Package, rows: Iterable[AuditRow]) -> Iterator[tuple[str, VariableValue]]:
    """Yield the changes beside the entries of a history, oldest first."""
    for row in reversed(list(rows)):
        for change in read_changes(row.changed or {}, row.actor):
            old = None if change.old is None else _value_words(package, change.old)
            step, who = _get_step_name(package, row, change), change.who or SYSTEM.name
            yield change.name, VariableValue(_value_words(package, change.new), old, row.at, step, who, None, row.seq)


def _value_words(package: Package, value: Any) -> Text:
    if not isinstance(value, LongValue):
        return value_in_words(package, value)
    if value.beginning is None:
        return Text(f"{value.items} 项", f"{value.items} items")
    return Text(f"{value.beginning}…（共 {value.items} 字）", f"{value.beginning}… ({value.items} characters)")


def _get_step_name(package: Package, row: AuditRow, change: FactChange) -> Text:
    """Return the name of the step that made a change: of the diagram, or what its entry of the history tells."""
    process, _, element = (change.step or "").rpartition("/")
    diagram = package.processes.get(process)
    drawn = diagram.elements.get(element) if diagram else None
    if drawn is not None and drawn.name:
        return Text(drawn.name, drawn.name)
    if change.step:
        name = terms_of(package).element(element)
        return Text(name, name)
    action_name = terms_of(package).word(row.action, "history")
    if action_name.zh != row.action:
        return action_name
    text = row.text if len(row.text) <= _LONGEST_STEP else f"{row.text[:_LONGEST_STEP]}…"
    return Text(text, text)


_DECIDES = "met"
"""The column that says whether a ground is met."""
_REASON = "reason"

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DecidingFact:
    """A fact by its name, and its value on record; None where the reader is told by whom it was found, not what."""

    name: Text
    value: Text | None


@dataclass(frozen=True, slots=True)
class Readable:
    """What a reader may see of a case: its forms, newest first, and ``inside``: whether facts of the case are shown."""

    case: CaseRow
    forms: Sequence[Submission]
    inside: bool


def facts_of(desk: Desk, package: Package, finding: FindingRow, readable: Readable) -> tuple[DecidingFact, ...]:
    """Return the facts that decided ``finding``, named as forms name them; what has no name is left out."""
    facts = []
    for path in sorted(_read_by(desk, package, finding)):
        [name] = called(package, [".".join(path)])
        unset = path[0] == "param" and value_at(readable.case.parameters or {}, path[1:]) is None
        if name.zh != ".".join(path) and not unset:
            facts.append(DecidingFact(name, _find_value_text(package, path, readable)))
    return tuple(dict.fromkeys(facts))


def get_finding_reason(finding: FindingRow) -> str:
    """Return what the person who settled the ground wrote, "" where the program found it."""
    rows = (row for row in reversed(finding.details.get("evidence") or []) if isinstance(row, Mapping))
    return next((str(row[_REASON]) for row in rows if row.keys() == {_REASON} and row[_REASON]), "")


def _read_by(desk: Desk, package: Package, finding: FindingRow) -> frozenset[Path]:
    try:
        table = desk.packages.table(package, finding.table)
    except NotFound:  # the version that is in force now has another table
        return frozenset()
    rule = next((rule for rule in table.rules if rule.id == finding.ground), None)
    if rule is None:
        return frozenset()
    cells = zip(table.outputs, rule.outputs, strict=True)
    return next((cell.get().paths for output, cell in cells if output.name == _DECIDES), frozenset())


def _find_value_text(package: Package, path: Path, readable: Readable) -> Text | None:
    first, rest = path[0], path[1:]
    if first == "param":
        return value_in_words(package, value_at(readable.case.parameters or {}, rest))
    if first == "case":
        return value_in_words(package, value_at(readable.case.facts or {}, rest)) if readable.inside else None
    form = next((submission for submission in readable.forms if submission.form.id == first), None)
    if form is None:
        return None
    field = next(iter(_find_field(form.form.nodes, rest)), None)
    if field is not None and (field.personal or field.secret) and not form.own:
        return _MASK
    return value_in_words(package, value_at(form.read.plain, rest), field)


def _find_field(nodes: Iterable[Any], path: Path) -> Iterator[Input]:
    """Yield the field at ``path``, where it is one."""
    for node in same_object(tuple(nodes)):
        if not path or key_of(node) != path[0]:
            continue
        if isinstance(node, Group):
            yield from _find_field(node.children, path[1:])
        elif isinstance(node, Input) and len(path) == 1:
            yield node
