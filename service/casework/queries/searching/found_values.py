"""Cases found by the values of their facts, as the inside of a case shows these."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, islice

from service.casework.desk.desk import Desk
from service.casework.reading.value_words import value_in_words
from service.casework.step.findable import told_by
from service.catalog import Package
from service.catalog.scenarios.scenario_terms import terms_of
from service.domain.text import Text
from service.store import FoundValue, Transaction

_ROWS = 3
"""So many names of a list are shown."""


@dataclass(frozen=True, slots=True)
class FoundFact:
    """A fact by its name and label, and the value that was found; of a list the names that fit."""

    name: str
    label: Text
    value: Text


@dataclass(frozen=True, slots=True)
class CaseByFacts:
    """A case and the facts by which it was found."""

    id: int
    title: str
    jurisdiction: str
    facts: tuple[FoundFact, ...]


def cases_by_facts(
    desk: Desk, tx: Transaction, found: Sequence[FoundValue], words: Sequence[str]
) -> Iterator[CaseByFacts]:
    """Yield the cases of what was found, newest first."""
    rows = tx.erasures.cases({each.case_id for each in found})
    for case_id, values in groupby(found, key=lambda each: each.case_id):
        row = rows[case_id]
        package = desk.packages.get(row.definition, tx)
        facts = tuple(_fact(package, each.fact, row.facts.get(each.fact), words) for each in values)
        yield CaseByFacts(row.id, row.title, row.jurisdiction, facts)


def _fact(package: Package, name: str, value: object, words: Sequence[str]) -> FoundFact:
    label, shown = _called(package, name, words), value_in_words(package, value)
    if isinstance(value, list):
        told = dict.fromkeys(told_by(terms_of(package), value))
        fitting = list(islice((one for one in told if any(word in one.lower() for word in words)), _ROWS))
        shown = Text("、".join(fitting), ", ".join(fitting)) if fitting else shown
    return FoundFact(name, label, shown)


def _called(package: Package, name: str, words: Sequence[str]) -> Text:
    """Return what a fact is called: of several names the first that holds one of the words."""
    terms = terms_of(package)
    texts = terms.fact_names.get(name, ())
    fitting = (text for text in texts if any(word in f"{text.zh} {text.en}".lower() for word in words))
    return next(fitting, terms.word(name, "fact"))
