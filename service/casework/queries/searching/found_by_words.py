"""Cases found by words that the program itself uses: what a variable is called, and what work is still to do for a case."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from service.catalog import Package
from service.catalog.scenarios.scenario_terms import terms_of
from service.domain.text import Text
from service.domain.wording.work_words import WORK_WORDS, work_word
from service.store import FoundValue, FoundWork, Transaction

_MOST_NAMES = 20
"""So many variables are followed to their values, those with the shortest names: what so many are called says too little."""
_MOST_GROUPS = 3


@dataclass(frozen=True, slots=True)
class CaseByWork:
    """A case, and the work that is still to do for it."""

    id: int
    title: str
    jurisdiction: str
    work: tuple[Text, ...]


def values_of_named(
    tx: Transaction,
    packages: Iterable[Package],
    places: Sequence[str],
    words: Sequence[str],
    recused: Sequence[int],
    limit: int,
) -> tuple[list[FoundValue], bool]:
    """Return facts whose names hold every word, or whose names and value hold them together; whether there are more."""
    found: list[FoundValue] = []
    more = False
    for left, names in _named(packages, words)[:_MOST_GROUPS]:
        chosen = sorted(names, key=lambda name: (names[name], name))[:_MOST_NAMES]
        values, many = tx.search.values(places, " ".join(left), recused, limit, chosen)
        found += values
        more = more or many or len(names) > _MOST_NAMES
    return found, more


def cases_with_work(
    tx: Transaction, places: Sequence[str], words: Sequence[str], recused: Sequence[int], limit: int
) -> list[CaseByWork]:
    """Return the newest cases for which work is still to do whose name holds every word."""
    told = {kind: f"{text.zh} {text.en}".lower() for kind, text in WORK_WORDS.items()}
    kinds = [kind for kind, text in told.items() if all(word in text for word in words)]
    rows = tx.search.with_work(places, kinds, recused, limit) if places else []
    cases = groupby(rows, key=lambda row: (row.case_id, row.title, row.jurisdiction))
    return [CaseByWork(*of, _words(items)) for of, items in cases][:limit]


def work_of_number(tx: Transaction, places: Sequence[str], number: int, recused: Sequence[int]) -> list[CaseByWork]:
    """Return the case of the work item with that number, done or not; [] where there is none in the places."""
    rows = tx.search.work_numbered(number, places, recused) if places else []
    return [CaseByWork(row.case_id, row.title, row.jurisdiction, _words([row])) for row in rows]


def _words(rows: Iterable[FoundWork]) -> tuple[Text, ...]:
    return tuple(work_word(row.kind) for row in rows)


def _named(packages: Iterable[Package], words: Sequence[str]) -> list[tuple[tuple[str, ...], Mapping[str, int]]]:
    """Return facts by the words that their names leave to their values, the fewest first, with the length of each name."""
    found: dict[tuple[str, ...], dict[str, int]] = {}
    for package in packages:
        for name, texts in terms_of(package).fact_names.items():
            told = " ".join([name, *(f"{text.zh} {text.en}" for text in texts)]).lower()
            left = tuple(word for word in words if word not in told)
            if len(left) < len(words):
                names, length = found.setdefault(left, {}), min(len(text.zh) for text in texts)
                names[name] = min(length, names.get(name, length))
    return sorted(found.items(), key=lambda each: (len(each[0]), each[0]))
