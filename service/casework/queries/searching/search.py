"""One field to find anything by: cases, organisations, people, documents, files, ballots, steps and facts that the reader may see."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, islice
from typing import Any

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.people.rights.people_shown import name_role, roles_of
from service.casework.people.rights.seats import EVERYWHERE
from service.casework.queries.cases.list_cases import CaseLine, line_of, newest_of, views_of
from service.casework.queries.cases.view_case import waits_of_cases
from service.casework.reading.published import Published, published, select_overseen_places
from service.casework.reading.value_words import value_in_words
from service.casework.step.facts import iterate_value_words
from service.casework.subjects.case_subjects import format_body_code
from service.catalog import Package
from service.catalog.scenarios.scenario_terms import terms_of
from service.domain.text import Text
from service.domain.values.titled import Titled
from service.domain.wording.masked_names import masked_name
from service.store import (
    SHORTEST_WORD,
    CaseFilter,
    FoundFile,
    FoundPaper,
    FoundValue,
    Transaction,
    words_to_find,
)
from service.store.models import BodyRow, PersonRow


@dataclass(frozen=True, slots=True)
class FoundStanding:
    """Where a case stands: the ``steps`` at which it waits, and the name of the round or case ``above``, "" without one."""

    case_id: int
    steps: tuple[Text, ...]
    above: str


def standing_of(desk: Desk, tx: Transaction, case_ids: Iterable[int]) -> tuple[FoundStanding, ...]:
    """Return where each of the cases stands, with as many statements for many of them as for one."""
    ids = set(case_ids)
    rows = tx.cases.by_id(ids)
    above = tx.cases.titles(sorted({row.parent_id for row in rows.values() if row.parent_id is not None}))
    waits = waits_of_cases(desk, tx, rows)
    return tuple(
        FoundStanding(ident, waits[ident].steps if ident in waits else (), above.get(row.parent_id or 0, ""))
        for ident, row in sorted(rows.items())
    )


@dataclass(frozen=True, slots=True)
class FoundStep:
    """A step of a diagram, and how many cases wait there."""

    jurisdiction: str
    process: str
    process_name: str
    element: str
    name: str
    waiting: int


def search_steps(
    tx: Transaction, publications: Published, places: Sequence[str], words: Sequence[str]
) -> list[FoundStep]:
    """Return the steps of today's diagrams of the places that fit every word, those where most waits first."""
    waits = {(c.jurisdiction, c.process_id, c.element): c.here for c in tx.tallies.by_element(places)}
    steps = [
        FoundStep(
            package.jurisdiction.id,
            process,
            diagram.name or process,
            element.id,
            element.name or element.id,
            waits.get((package.jurisdiction.id, process, element.id), 0),
        )
        for package in publications.packages
        if package.jurisdiction.id in places
        for process, diagram in package.processes.items()
        for element in diagram.elements.values()
        if _has_all_words(words, element.name, element.id, element.message)
    ]
    return sorted(steps, key=lambda step: -step.waiting)


def _has_all_words(words: Sequence[str], *texts: str | None) -> bool:
    """Return whether every word stands somewhere in what is told."""
    text = " ".join(each for each in texts if each).lower()
    return all(word in text for word in words)


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
    desk: Desk, tx: Transaction, matches: Sequence[FoundValue], words: Sequence[str]
) -> Iterator[CaseByFacts]:
    """Yield the cases of what was found, newest first."""
    rows = tx.cases.by_id({each.case_id for each in matches})
    for case_id, values in groupby(matches, key=lambda each: each.case_id):
        row = rows[case_id]
        package = desk.packages.get(row.definition, tx)
        facts = tuple(_build_fact(package, each.fact, row.facts.get(each.fact), words) for each in values)
        yield CaseByFacts(row.id, row.title, row.jurisdiction, facts)


def _build_fact(package: Package, name: str, value: object, words: Sequence[str]) -> FoundFact:
    terms, value_text = terms_of(package), value_in_words(package, value)
    if isinstance(value, list):
        candidates = dict.fromkeys(iterate_value_words(terms, value))
        fitting = list(
            islice(
                (
                    candidate_text
                    for candidate_text in candidates
                    if any(word in candidate_text.lower() for word in words)
                ),
                _ROWS,
            )
        )
        value_text = Text("、".join(fitting), ", ".join(fitting)) if fitting else value_text
    return FoundFact(name, terms.word(name, "fact"), value_text)


MOST = 10
"""So many of each kind are shown; who looks for more writes more."""

LONGEST = 100


@dataclass(frozen=True, slots=True)
class FoundBody:
    """An authority or organisation; ``key`` is its credit code, "" of an authority, masked of an individual."""

    id: int
    name: str
    key: str


@dataclass(frozen=True, slots=True)
class FoundPerson:
    """A person: name (masked where the reader does not administer them), seats, and cases in which they hold a task."""

    id: int
    name: str
    seats: tuple[Text, ...]
    expert_id: int | None
    cases: tuple[Titled, ...]


@dataclass(frozen=True, slots=True)
class SearchAnswer:
    """What was found, up to `MOST` of each kind; ``short``: no word of two characters was given.

    ``standing`` says of the cases named in it where they stand.
    """

    text: str
    short: bool
    cases: tuple[CaseLine, ...] = ()
    bodies: tuple[FoundBody, ...] = ()
    people: tuple[FoundPerson, ...] = ()
    documents: tuple[FoundPaper, ...] = ()
    files: tuple[FoundFile, ...] = ()
    ballots: tuple[FoundPaper, ...] = ()
    steps: tuple[FoundStep, ...] = ()
    facts: tuple[CaseByFacts, ...] = ()
    more: frozenset[str] = frozenset()
    standing: tuple[FoundStanding, ...] = ()

    @property
    def stands(self) -> Mapping[int, FoundStanding]:
        """The same by the number of the case."""
        return {standing_case.case_id: standing_case for standing_case in self.standing}

    @property
    def nothing(self) -> bool:
        """Whether nothing fits."""
        results = (
            self.cases,
            self.bodies,
            self.people,
            self.documents,
            self.files,
            self.ballots,
            self.steps,
            self.facts,
        )
        return not any(results) and not self.more


@guarded("case.view")
def search(desk: Desk, actor: Actor, text: str) -> SearchAnswer:
    """Find by words of two characters or more, all of which must fit.

    Cases and their documents: what the actor oversees or takes part in. Organisations, people, names of files, ballots,
    steps by name, id or message, and values of facts: of the places the actor oversees.

    A fact that a form marks personal or secret leads nobody anywhere.
    """
    text = " ".join(text.split())[:LONGEST]
    words = words_to_find(text)
    if not any(len(word) >= SHORTEST_WORD for word in words):
        return SearchAnswer(text, short=bool(text))
    with desk.store.read() as tx:
        publications = published(desk, tx)
        views = views_of(tx, actor, publications, "", CaseFilter(text=text, recused=sorted(actor.recused)))
        rows = newest_of(tx, views, None, MOST + 1)
        papers = _find_documents(tx, views)
        places = select_overseen_places(actor, publications.jurisdictions())
        found: dict[str, Sequence[Any]] = {
            "cases": rows,
            "documents": papers,
            **(_find_overseen(tx, actor, publications, places, text) if places else {}),
        }
        values, many = tx.search.values(places, text, sorted(actor.recused), MOST + 1) if places else ([], False)
        by_facts = tuple(cases_by_facts(desk, tx, values, words))
        more = {kind for kind, every in found.items() if len(every) > MOST or _has_unread_matches(tx, kind, text)}
        answer = SearchAnswer(
            text,
            short=False,
            cases=tuple(line_of(desk, tx, row) for row in rows[:MOST]),
            bodies=tuple(
                FoundBody(b.id, b.name, format_body_code(b) if b.jurisdiction == EVERYWHERE else "")
                for b in found.get("bodies", ())[:MOST]
            ),
            people=tuple(_iterate_people(tx, actor, publications, places, found.get("people", ())[:MOST])),
            documents=tuple(papers[:MOST]),
            files=tuple(found.get("files", ())[:MOST]),
            ballots=tuple(found.get("ballots", ())[:MOST]),
            steps=tuple(found.get("steps", ())[:MOST]),
            facts=by_facts[:MOST],
            more=frozenset(more | ({"facts"} if many or len(by_facts) > MOST else set())),
        )
        return replace(answer, standing=standing_of(desk, tx, _named_cases(answer)))


def _named_cases(answer: SearchAnswer) -> Iterator[int]:
    """Yield the numbers of the cases that an answer names, in the order in which they are shown."""
    yield from (line.id for line in answer.cases)
    yield from (paper.case_id for paper in answer.documents)
    yield from (file.case_id for file in answer.files)
    yield from (paper.case_id for paper in answer.ballots)
    yield from (case.id for case in answer.facts)


def _has_unread_matches(tx: Transaction, kind: str, text: str) -> bool:
    """Return whether organisations or people may fit that were not looked at, since very many have what was asked for."""
    subject = {"bodies": "body", "people": "person"}.get(kind)
    return subject is not None and tx.search.too_common(subject, text)


def _find_documents(tx: Transaction, views: Sequence[CaseFilter]) -> list[FoundPaper]:
    by_cases = (view for view in views if view.ids is None)
    papers_by_id = {paper.id: paper for view in by_cases for paper in tx.search.documents(view, MOST + 1)}
    return sorted(papers_by_id.values(), key=lambda paper: paper.id, reverse=True)[: MOST + 1]


def _find_overseen(
    tx: Transaction, actor: Actor, publications: Published, places: Sequence[str], text: str
) -> dict[str, Sequence[Any]]:
    recused = sorted(actor.recused)
    return {
        "files": tx.search.files(places, text, recused, MOST + 1),
        "bodies": tx.search.bodies(places, text, recused, MOST + 1),
        "people": tx.search.people(places, text, MOST + 1, named=_names_all(actor, places)),
        "ballots": tx.search.ballots(CaseFilter(places, text=text, recused=recused), MOST + 1),
        "steps": search_steps(tx, publications, places, words_to_find(text)),
    }


def _iterate_people(
    tx: Transaction, actor: Actor, publications: Published, places: Sequence[str], rows: Sequence[PersonRow]
) -> Iterator[FoundPerson]:
    """Yield whom the reader finds; who is shown masked was found by the whole name, or it could be guessed part by part."""
    expert_cases = tx.search.held_by([row.id for row in rows], places, sorted(actor.recused))
    seats = {row.id: tx.memberships.select(person_id=row.id) for row in rows}
    bodies = tx.bodies.by_id({seat.body_id for every in seats.values() for seat in every})
    local_body_ids = tx.search.with_cases(list(bodies), places)
    roles = roles_of(publications)
    for row in rows:
        local = [s for s in seats[row.id] if s.jurisdiction in places]
        local_seats = [
            *local,
            *(s for s in seats[row.id] if s.jurisdiction == EVERYWHERE and s.body_id in local_body_ids),
        ]
        named = bool(local) or _names_all(actor, places)
        experts = (tx.experts.find(jurisdiction=place, person_id=row.id) for place in places)
        expert = next((each for each in experts if each is not None), None)
        yield FoundPerson(
            row.id,
            row.name if named or expert else masked_name(row.name),
            tuple(
                dict.fromkeys(_format_seat(roles, s.jurisdiction, s.role, bodies.get(s.body_id)) for s in local_seats)
            ),
            expert.id if expert else None,
            tuple(Titled(each.case_id, each.title) for each in expert_cases if each.person_id == row.id),
        )


def _names_all(actor: Actor, places: Sequence[str]) -> bool:
    """Return whether everybody's name is shown to the actor, as to an administrator of one of the places."""
    return any(actor.administers(place) for place in places)


def _format_seat(roles: dict[tuple[str, str], Text], place: str, role: str, body: BodyRow | None) -> Text:
    name = name_role(roles, place, role)
    return Text(f"{body.name} · {name.zh}", f"{body.name_en or body.name} · {name.en}") if body else name
