"""What a step changed in the facts of a case, beside its first entry, and the words by which the case is found."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from service.casework.desk.desk import Desk
from service.casework.step.step import Step
from service.catalog import Package
from service.catalog.scenarios.scenario_terms import ScenarioTerms, terms_of
from service.domain.errors import LaurelError
from service.domain.proof.audit_chain import beside
from service.domain.proof.fact_changes import SALT_BYTES, FactChange, to_stored_changes
from service.domain.retention import CONTENTS
from service.store import FACT_LENGTH, AuditEvent, Transaction, findable_text

_MOST = 200
"""So many facts of one case are found."""

_SHORTEST = 2

LISTED = 5
"""Lists with more rows are shown by their size."""


def findable_of(package: Package, facts: Mapping[str, Any]) -> str:
    """Return what the case with these facts is found by, as `CaseRow.findable` keeps it."""
    hidden, terms = hidden_facts(package), terms_of(package)
    findable_facts = []
    for fact in sorted(facts.keys() - hidden)[:_MOST]:
        value_text = " ".join(dict.fromkeys(iterate_value_words(terms, facts[fact])))
        text = " ".join(value_text.replace("\0", " ").split())[:FACT_LENGTH]
        if len(text) >= _SHORTEST:
            findable_facts.append((fact, text))
    return findable_text(findable_facts)


def erased_among(tx: Transaction, case_ids: Collection[int]) -> set[int]:
    """Return those of the cases whose contents were erased: no fact leads to them."""
    rows = tx.erasures.select(case_id=case_ids, state__ne="refused")
    return {row.case_id for row in rows if row.state in ("erased", "done") and CONTENTS & set(row.parts)}


def iterate_value_words(terms: ScenarioTerms, value: object) -> Iterator[str]:
    """Yield the words of a value in both languages and as it is kept; of a row of a list its name alone.

    What stands beside a name may be a number of identity. Of a list that pages show by its size alone, such as the roll of
    a ballot, only rows about cases are told. Yes and no tell nothing.
    """
    if isinstance(value, Mapping):
        value = value.get("name")
        if isinstance(value, str):
            yield value
    elif isinstance(value, list | tuple):
        whole = len(value) <= LISTED
        for item in value:
            if not isinstance(item, list) and (whole or (isinstance(item, Mapping) and "case" in item)):
                yield from iterate_value_words(terms, item)
    elif isinstance(value, str) and value:
        term = terms.word(value)
        yield from (term.zh, term.en, value)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield str(value)


def hidden_facts(package: Package) -> frozenset[str]:
    """Return the names under which any form of the package takes something personal or secret.

    These are more than the forms of one case mark, so that nothing is found that its page shows masked.
    """
    return package.derived("hidden facts", lambda: frozenset(_iterate_hidden_names(package)))


def _iterate_hidden_names(package: Package) -> Iterator[str]:
    for ident in package.forms:
        try:
            yield from _iterate_marked_names(package.form(ident).get("components") or (), ())
        except LaurelError:  # the check says what is wrong with the form
            continue


def _iterate_marked_names(components: Any, above: tuple[str, ...]) -> Iterator[str]:
    """Yield the names of what is marked, and of the groups and rows around it."""
    for component in components:
        names = (*above, *(str(component[each]).split(".")[0] for each in ("key", "path") if component.get(each)))
        marks = component.get("properties") or {}
        if marks.get("personal") in ("true", True) or marks.get("secret"):
            yield from names
        yield from _iterate_marked_names(component.get("components") or (), names)


RECORDED = "facts"
"""Action of the entry of a step that tells nothing else."""

_NAMED = 5


def events_to_keep(step: Step) -> list[AuditEvent]:
    """Return the entries of a step, the first with the changes of facts beside it."""
    changes, events = step.pending.facts, list(step.pending.events)
    if not changes:
        return events
    if not events:
        events.append(AuditEvent(step.now, step.author.name, RECORDED, _facts_words(step), step.author.person_id))
    return [with_changes(step.desk, events[0], changes), *events[1:]]


def with_changes(desk: Desk, event: AuditEvent, changes: Sequence[FactChange]) -> AuditEvent:
    """Return ``event`` with changes of facts beside it."""
    return beside(event, to_stored_changes(changes, event.actor, desk.randomness.randbytes(SALT_BYTES).hex()))


def _facts_words(step: Step) -> str:
    terms = terms_of(step.package)
    names = list(dict.fromkeys(terms.word(change.name, "fact").zh for change in step.pending.facts))
    return f"记录数据：{'、'.join(names[:_NAMED])}{'等' if len(names) > _NAMED else ''}"
