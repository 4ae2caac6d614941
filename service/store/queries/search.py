"""Searching by name, title and number: the rarest pair of characters leads to rows, the words themselves decide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from service.store.models import BodyRow, PersonRow
from service.store.models.cases import case, task
from service.store.models.people import body, membership, person
from service.store.models.register import document
from service.store.models.review import ballot, expert
from service.store.models.submissions import upload
from service.store.models.work import search_gram
from service.store.queries.base import Repository, word
from service.store.queries.case_filter import CaseFilter, not_about, select_body_cases, waiting_ids
from service.store.queries.people import acts
from service.store.searching import (
    EVERYWHERE,
    FILES,
    facts_in,
    find_rarest_pair,
    in_small_letters,
    list_newest_rows,
    match_all_words,
    match_search_pair,
    words_of,
)


@dataclass(frozen=True, slots=True)
class FoundPaper:
    """A document or a ballot, and the case it belongs to."""

    id: int
    case_id: int
    jurisdiction: str
    title: str
    number: str | None
    case_title: str


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file that was handed in with a case: its name, and the id under which it is opened."""

    upload_id: str
    case_id: int
    jurisdiction: str
    name: str
    case_title: str


@dataclass(frozen=True, slots=True)
class FoundValue:
    """A case, and a fact of it whose value was found."""

    case_id: int
    fact: str


@dataclass(frozen=True, slots=True)
class HeldCase:
    """A case in which a person has an open task."""

    person_id: int
    case_id: int
    title: str


WALKED = 3_000
"""So many organisations or people with a pair of characters are looked at: a word that more of them have says too little."""


class SearchRepository(Repository):
    """What is found in places whose every case the reader may look at, newest first."""

    def bodies(self, places: Sequence[str], text: str, recused: Sequence[int], limit: int) -> list[BodyRow]:
        """Return bodies of the places, and organisations registered there, that a case there is about or party to one."""
        acting = acts(body.c.id, case.c.jurisdiction.in_(places))
        place_condition = sa.or_(body.c.jurisdiction.in_(places), body.c.registered_in.in_(places), acting)
        where = [place_condition, *([body.c.id.not_in(recused)] if recused else [])]
        ids = list_newest_rows(
            self._connection, "body", body, [EVERYWHERE], words_of(text), where, limit, walked=WALKED
        )
        return self._all(BodyRow, sa.select(body).where(body.c.id.in_(ids)).order_by(body.c.id.desc())) if ids else []

    def people(self, places: Sequence[str], text: str, limit: int, *, named: bool) -> list[PersonRow]:
        """Return people with a seat in the places, on their register of experts, or of an organisation with a case there.

        Unless all are ``named`` to the reader, people of organisations are found by their whole name only.
        """
        about = sa.select(case.c.id).where(case.c.subject_id == membership.c.body_id, case.c.jurisdiction.in_(places))
        acting = sa.and_(membership.c.jurisdiction == word(EVERYWHERE), sa.exists(about))
        if not named:
            acting = sa.and_(acting, sa.func.lower(person.c.name) == sa.func.lower(text))
        local = sa.or_(membership.c.jurisdiction.in_(places), acting)
        seated = sa.exists().where(membership.c.person_id == person.c.id, local)
        listed = sa.exists().where(expert.c.person_id == person.c.id, expert.c.jurisdiction.in_(places))
        where = [sa.or_(seated, listed)]
        ids = list_newest_rows(
            self._connection, "person", person, [EVERYWHERE], words_of(text), where, limit, walked=WALKED
        )
        chosen = sa.select(person).where(person.c.id.in_(ids)).order_by(person.c.id.desc())
        return self._all(PersonRow, chosen) if ids else []

    def too_common(self, subject: str, text: str) -> bool:
        """Say whether more organisations ("body") or people ("person") have even the rarest pair than are looked at."""
        gram = find_rarest_pair(self._connection, subject, [EVERYWHERE], words_of(text))
        if gram is None:
            return False
        some = sa.select(search_gram.c.row_id).where(*match_search_pair(subject, [EVERYWHERE], gram)).limit(WALKED + 1)
        return bool(self._scalar(sa.select(sa.func.count()).select_from(some.subquery())) > WALKED)

    def with_cases(self, body_ids: Sequence[int], places: Sequence[str]) -> set[int]:
        """Return those of the bodies that a case in the places is about."""
        about = sa.select(case.c.subject_id).where(case.c.subject_id.in_(body_ids), case.c.jurisdiction.in_(places))
        return set(self._connection.scalars(about.distinct())) if body_ids else set()

    def documents(self, chosen: CaseFilter, limit: int) -> list[FoundPaper]:
        """Return documents of the cases that ``chosen`` describes by places or by a body, by title or number."""
        return self._find_papers("document", document, document.c.number, chosen, limit)

    def ballots(self, chosen: CaseFilter, limit: int) -> list[FoundPaper]:
        """Return ballots of such cases, by title; what stands in the urn is not read."""
        return self._find_papers("ballot", ballot, sa.cast(sa.null(), document.c.number.type), chosen, limit)

    def _find_papers(
        self, subject: str, table: sa.Table, number: sa.ColumnElement[str | None], chosen: CaseFilter, limit: int
    ) -> list[FoundPaper]:
        words = words_of(chosen.text)
        away = sa.select(case.c.id).where(case.c.id == table.c.case_id, *not_about(chosen.recused))
        where = [sa.exists(away)] if chosen.recused else []
        if chosen.body_id is not None:
            mine = [
                *where,
                table.c.case_id.in_(select_body_cases(chosen.body_id, chosen)),
                *self._match_words(subject, words),
            ]
            ids = list(self._connection.scalars(_newest_of(table).where(*mine).limit(limit)))
        else:
            ids = list_newest_rows(self._connection, subject, table, chosen.jurisdictions or (), words, where, limit)
        if not ids:
            return []
        columns = (table.c.id, table.c.case_id, table.c.jurisdiction, table.c.title, number.label("number"))
        rows = sa.select(*columns, case.c.title.label("case_title")).join(case, case.c.id == table.c.case_id)
        return self._all(FoundPaper, rows.where(table.c.id.in_(ids)).order_by(table.c.id.desc()))

    def files(self, places: Sequence[str], text: str, recused: Sequence[int], limit: int) -> list[FoundFile]:
        """Return files of cases of the places by their names; what is secret, removed or not handed in is none of them."""
        words = words_of(text)
        ids = list_newest_rows(
            self._connection, "file", case, places, words, not_about(recused) if recused else [], limit
        )
        if not ids:
            return []
        columns = (upload.c.id.label("upload_id"), upload.c.case_id, case.c.jurisdiction, upload.c.name)
        rows = sa.select(*columns, case.c.title.label("case_title")).join(case, case.c.id == upload.c.case_id)
        name_conditions = (sa.func.lower(upload.c.name).contains(word, autoescape=True) for word in words)
        chosen = rows.where(case.c.id.in_(ids), *FILES, *name_conditions)
        return self._all(FoundFile, chosen.order_by(case.c.id.desc(), upload.c.at.desc(), upload.c.id).limit(limit))

    def values(
        self, places: Sequence[str], text: str, recused: Sequence[int], limit: int
    ) -> tuple[list[FoundValue], bool]:
        """Return facts whose value holds every word, of the newest ``limit`` cases; whether there are more cases."""
        words, where = words_of(text), not_about(recused) if recused else []
        values: list[FoundValue] = []
        cases, before = 0, None
        while cases <= limit and (
            ids := list_newest_rows(self._connection, "value", case, places, words, where, limit + 1, before)
        ):
            page = sa.select(case.c.id, case.c.findable).where(case.c.id.in_(ids)).order_by(case.c.id.desc())
            for case_id, findable in self._connection.execute(page):
                case_values = [
                    FoundValue(case_id, fact)
                    for fact, value in sorted(facts_in(findable))
                    if all(word in in_small_letters(value) for word in words)
                ]
                cases += bool(case_values)
                values += case_values if cases <= limit else ()
            before = ids[-1]
        return values, cases > limit

    def versions_at(self, jurisdiction: str, process_id: str, element: str) -> list[str]:
        """Return the versions of the cases of a place that stand at an element, that of the newest case first."""
        conditions = (case.c.id.in_(waiting_ids(process_id, element)), case.c.jurisdiction == jurisdiction)
        statement = sa.select(case.c.definition).where(*conditions).group_by(case.c.definition)
        return list(self._connection.scalars(statement.order_by(sa.func.max(case.c.id).desc())))

    def held_by(self, person_ids: Sequence[int], places: Sequence[str], recused: Sequence[int]) -> list[HeldCase]:
        """Return the cases of the places in which people have open tasks; votes and what is for one alone are left out."""
        if not person_ids:
            return []
        where = [
            task.c.assignee_id.in_(person_ids),
            task.c.state == word("open"),
            task.c.jurisdiction.in_(places),
            task.c.kind != word("ballot"),
            sa.not_(task.c.personal),
            *(not_about(recused) if recused else []),
        ]
        columns = (task.c.assignee_id.label("person_id"), case.c.id.label("case_id"), case.c.title)
        statement = sa.select(*columns).join(case, case.c.id == task.c.case_id).where(*where)
        return self._all(HeldCase, statement.distinct().order_by(case.c.id.desc()).limit(_MAX_CLAIMED_CASES))

    def _match_words(self, subject: str, words: Sequence[str]) -> list[sa.ColumnElement[bool]]:
        return match_all_words(subject, self._connection.dialect.name, words)


_MAX_CLAIMED_CASES = 100


def _newest_of(table: sa.Table) -> sa.Select[int]:
    return sa.select(table.c.id).order_by(table.c.id.desc())
