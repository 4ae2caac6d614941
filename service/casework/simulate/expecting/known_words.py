"""Check of names in expectations against the package: a misspelt name with ``no: true`` would always hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from service.casework.simulate.expecting.expectations import ANY, SPOKEN, kind_of
from service.casework.simulate.scenarios.scenario import Scenario, ScenarioMistake, no_parameter
from service.catalog import Package
from service.catalog.problems import did_you_mean, errors_of
from service.catalog.scenarios.expectation_words import row_text
from service.catalog.scenarios.proofs import proved
from service.catalog.scenarios.scenario_terms import ScenarioTerms
from service.domain.text import Text

_TASK = frozenset({"state", "role", "body", "due", "useful_until", "provisional", "kind", "on", "clauses"})
_ENDED = frozenset({"outcome", "status", "on", "number"})
KEYS: Mapping[str, frozenset[str]] = {
    "notice": frozenset(
        {"first_day", "last_day", "posted_on", "state", "objections", "provisional", "audience", "clauses"}
    ),
    "finding": frozenset({"result", "decided_by", "clauses", "supplied_by"}),
    "document": frozenset({"on", "number", "produced", "to", "clauses"}),
    "reached": frozenset({"on"}),
    "task": _TASK,
    "waiting": _TASK,
    "prefill": frozenset(),
    "mail": frozenset({"on"}),
    "history": frozenset({"on", "element"}),
    "timer": frozenset({"last_day", "due", "provisional", "state"}),
    "panel": frozenset({"member", "state", "leader", "on"}),
    "party": frozenset({"body"}),
    "sanction": frozenset({"effect", "from_day", "last_day", "clauses"}),
    "fact": frozenset({"value"}),
    "file": frozenset({"reader", "opens"}),
    "outcome": _ENDED,
    "status": _ENDED,
}
"""What an expectation of each kind may say beside the words for all; an award and a ballot have what was recorded."""

_OF_TEXTS = frozenset({"contains", "lacks", "ends"})

ALWAYS_ENDS = "completed"
"""The outcome of a case whose end says nothing."""

_OUTCOME_FACT = "outcome"
"""A fact of this name gives the outcome where the end says nothing: it may be any word."""


def require_readable(package: Package) -> None:
    """Raise ScenarioMistake for the first diagram or table that cannot be read: what it draws is not there to be played."""
    for problem in errors_of(package.problems):
        if problem.file.endswith((".bpmn", ".dmn")):
            file, message, remedy = problem.file, problem.message, problem.remedy
            raise ScenarioMistake(
                Text(f"{file} 读不出来：{message.zh}{remedy.zh}", f"{file} cannot be read: {message.en} {remedy.en}")
            )


def require_defined_words(package: Package, scenario: Scenario) -> None:
    """Raise ScenarioMistake for the first parameter or expectation with a key or a name that the package does not know.

    A step that must be refused may name clauses that it proves: these exist too.
    """
    for name in scenario.parameters:
        if name not in package.award.parameters:
            raise ScenarioMistake(no_parameter(package, name))
    for move in scenario.moves:
        _require_clauses(package, move.keys)
    for row in (*(move.value for move in scenario.moves if move.verb == "expect"), *scenario.expect):
        _require_clauses(package, row)
        kind = kind_of(row)
        if kind in KEYS:
            for key in sorted(row.keys() - KEYS[kind] - ANY - {kind}):
                raise _build_mistake(package, row, key, KEYS[kind] | ANY)
        for key in sorted(row.keys() & _OF_TEXTS) if kind not in SPOKEN else ():
            raise _build_mistake(package, row, key, KEYS.get(kind, frozenset()) | ANY - _OF_TEXTS)
        for key, names in _iterate_names(package, kind, row):
            if isinstance(row[key], list | Mapping):
                raise _build_single_name_mistake(package, row, key)
            if row[key] is not None and row[key] not in names:
                raise _build_mistake(package, row, str(row[key]), names)


def _require_clauses(package: Package, row: Mapping[str, Any]) -> None:
    for clause in proved(row):
        if clause not in package.law.clauses:
            raise _build_mistake(package, row, clause, package.law.clauses)


def _iterate_names(package: Package, kind: str, row: Mapping[str, Any]) -> Iterator[tuple[str, Iterable[str]]]:
    if kind in ("reached", "task", "waiting", "prefill", "timer"):
        yield kind, {element for diagram in package.diagrams.values() for element in diagram.elements}
    elif kind == "document":
        yield kind, set(package.documents)
    elif kind == "fact":
        yield kind, _collect_facts(package)
    elif "outcome" in row and kind in ("outcome", "status") and _OUTCOME_FACT not in _collect_facts(package):
        ends = {element.outcome for diagram in package.diagrams.values() for element in diagram.elements.values()}
        yield "outcome", ends - {""} | {ALWAYS_ENDS}


def _collect_facts(package: Package) -> set[str]:
    return {fact for process in package.award.processes.values() for fact in process.facts}


def _build_single_name_mistake(package: Package, row: Mapping[str, Any], key: str) -> ScenarioMistake:
    row_words = row_text(row, ScenarioTerms(package))
    return ScenarioMistake(
        Text(
            f"期望“{row_words.zh}”的“{key}”只写一个名称；有几个的，每个写一条期望。",
            f"“{key}” of the expectation “{row_words.en}” is one name: write an expectation for each of several.",
        )
    )


def _build_mistake(package: Package, row: Mapping[str, Any], word: str, names: Iterable[str]) -> ScenarioMistake:
    terms = ScenarioTerms(package)
    hint, row_words = did_you_mean(word, names), row_text(row, terms)
    gone = terms.former(word)
    if gone is not None:
        return ScenarioMistake(
            Text(
                f"期望“{row_words.zh}”说的环节已从流程中去掉，永远不会有。请改成现在的环节，或者删去这条期望。",
                f"The element of the expectation “{row_words.en}” is no longer in the procedure and could never be there: name "
                "one that is, or take the expectation out.",
            )
        )
    return ScenarioMistake(
        Text(
            f"期望“{row_words.zh}”中的“{word}”不存在，永远不会有。{hint.zh}",
            f"Nothing is called “{word}” as in the expectation “{row_words.en}”: it could never be there. {hint.en}",
        )
    )
