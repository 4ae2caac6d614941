"""Cases that are found by part of their name together with what their line says beside it: the city and the kind of case."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from service.casework.access.actor import Actor
from service.casework.queries.cases.list_cases import newest_of, views_of
from service.casework.reading.published import Published
from service.store import CaseFilter, Transaction
from service.store.models import CaseRow

_MOST_WAYS = 8
"""So many ways to read the words are tried, those first that leave the fewest of them to the name."""


def cases_of_kind(tx: Transaction, actor: Actor, known: Published, words: Sequence[str], limit: int) -> list[CaseRow]:
    """Return the newest cases whose name or number holds the words that name neither their city nor their kind."""
    ways = sorted(set(_ways(known, words)), key=lambda way: (len(way[2]), way))[:_MOST_WAYS]
    found: dict[int, CaseRow] = {}
    for place, process, left in ways:
        chosen = CaseFilter(text=" ".join(left), process=process or None, recused=sorted(actor.recused))
        views = views_of(tx, actor, known, place, chosen)
        found |= {row.id: row for row in newest_of(tx, views, None, limit)}
    return sorted(found.values(), key=lambda row: row.id, reverse=True)[:limit]


def _ways(known: Published, words: Sequence[str]) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Yield place, kind ("" for every kind) and the words that are left, wherever some of the words name one of these."""
    for package in known.packages:
        place = package.jurisdiction
        city = f"{place.text.zh} {place.text.en}".lower()
        beyond = tuple(word for word in words if word not in city)
        if beyond and len(beyond) < len(words):
            yield place.id, "", beyond
        for kind in package.award.processes.values():
            told = f"{kind.text.zh} {kind.text.en}".lower()
            left = tuple(word for word in beyond if word not in told)
            if left and len(left) < len(beyond):
                yield place.id, kind.key, left
