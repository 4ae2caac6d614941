"""Searching by name, title and number: organisations, people, documents and ballots of some places.

Cases are found by `CaseRepository.search`.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from service.store.fact_values import drop_unused
from service.store.repositories.base import Repository, word
from service.store.repositories.cases.case_filter import CaseFilter, belonging, not_about, waiting_ids
from service.store.repositories.grams import having, newest, rarest, saying, words_of
from service.store.repositories.many_numbers import is_none_of
from service.store.repositories.people.people import acts
from service.store.rows import BodyRow, PersonRow
from service.store.rows.ballots import ballot
from service.store.rows.cases import case, task
from service.store.rows.experts import expert
from service.store.rows.people import body, membership, person
from service.store.rows.register import document
from service.store.rows.search import fact_value, fact_value_case, file_name, search_gram
from service.store.rows.work import work_item
from service.store.searching import EVERYWHERE


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
class FoundWork:
    """A case, and a kind of work that is still to do for it."""

    case_id: int
    title: str
    jurisdiction: str
    kind: str


@dataclass(frozen=True, slots=True)
class HeldCase:
    """A case in which a person has an open task."""

    person_id: int
    case_id: int
    title: str


WALKED = 3_000
"""So many organisations or people with a pair of characters are looked at: a word that more of them have says too little."""


VALUES = 40
"""So many values of facts, the newest that fit, are followed to their cases."""


class SearchRepository(Repository):
    """What is found in places whose every case the reader may look at, newest first."""

    def bodies(self, places: Sequence[str], text: str, recused: Sequence[int], limit: int) -> list[BodyRow]:
        """Return bodies of the places, and organisations that a case there is about or that are party to one."""
        here = sa.or_(body.c.jurisdiction.in_(places), acts(body.c.id, case.c.jurisdiction.in_(places)))
        where = [here, *([is_none_of(body.c.id, recused)] if recused else [])]
        ids = newest(self._connection, "body", body, [EVERYWHERE], words_of(text), where, limit, walked=WALKED)
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
        ids = newest(self._connection, "person", person, [EVERYWHERE], words_of(text), where, limit, walked=WALKED)
        chosen = sa.select(person).where(person.c.id.in_(ids)).order_by(person.c.id.desc())
        return self._all(PersonRow, chosen) if ids else []

    def too_common(self, subject: str, text: str) -> bool:
        """Say whether more organisations ("body") or people ("person") have even the rarest pair than are looked at."""
        gram = rarest(self._connection, subject, [EVERYWHERE], words_of(text))
        if gram is None:
            return False
        some = sa.select(search_gram.c.row_id).where(*having(subject, [EVERYWHERE], gram)).limit(WALKED + 1)
        return bool(self._scalar(sa.select(sa.func.count()).select_from(some.subquery())) > WALKED)

    def with_cases(self, body_ids: Sequence[int], places: Sequence[str]) -> set[int]:
        """Return those of the bodies that a case in the places is about."""
        about = sa.select(case.c.subject_id).where(case.c.subject_id.in_(body_ids), case.c.jurisdiction.in_(places))
        return set(self._connection.scalars(about.distinct())) if body_ids else set()

    def documents(self, chosen: CaseFilter, limit: int) -> list[FoundPaper]:
        """Return documents of the cases that ``chosen`` describes by places or by a body, by title or number."""
        return self._papers("document", document, document.c.number, chosen, limit)

    def ballots(self, chosen: CaseFilter, limit: int) -> list[FoundPaper]:
        """Return ballots of such cases, by title; what stands in the urn is not read."""
        return self._papers("ballot", ballot, sa.cast(sa.null(), document.c.number.type), chosen, limit)

    def _papers(
        self, subject: str, table: sa.Table, number: sa.ColumnElement[str | None], chosen: CaseFilter, limit: int
    ) -> list[FoundPaper]:
        words = words_of(chosen.text)
        away = sa.select(case.c.id).where(case.c.id == table.c.case_id, *not_about(chosen.recused))
        where = [sa.exists(away)] if chosen.recused else []
        if chosen.body_id is not None:
            mine = [
                *where,
                table.c.case_id.in_(belonging(chosen.body_id, chosen.begun_by)),
                *self._saying(subject, words),
            ]
            ids = list(self._connection.scalars(_newest_of(table).where(*mine).limit(limit)))
        else:
            ids = newest(self._connection, subject, table, chosen.jurisdictions or (), words, where, limit)
        if not ids:
            return []
        columns = (table.c.id, table.c.case_id, table.c.jurisdiction, table.c.title, number.label("number"))
        rows = sa.select(*columns, case.c.title.label("case_title")).join(case, case.c.id == table.c.case_id)
        return self._all(FoundPaper, rows.where(table.c.id.in_(ids)).order_by(table.c.id.desc()))

    def files(self, places: Sequence[str], text: str, recused: Sequence[int], limit: int) -> list[FoundFile]:
        """Return files of cases of the places by their names; what is secret, removed or not handed in is none of them."""
        away = sa.select(case.c.id).where(case.c.id == file_name.c.case_id, *not_about(recused))
        where = [sa.exists(away)] if recused else []
        ids = newest(self._connection, "file", file_name, places, words_of(text), where, limit)
        if not ids:
            return []
        columns = (file_name.c.upload_id, file_name.c.case_id, file_name.c.jurisdiction, file_name.c.name)
        rows = sa.select(*columns, case.c.title.label("case_title")).join(case, case.c.id == file_name.c.case_id)
        return self._all(FoundFile, rows.where(file_name.c.id.in_(ids)).order_by(file_name.c.id.desc()))

    def values(
        self, places: Sequence[str], text: str, recused: Sequence[int], limit: int, facts: Collection[str] | None = None
    ) -> tuple[list[FoundValue], bool]:
        """Return facts whose value holds every word, of the newest ``limit`` cases; whether more values fit.

        A value is kept once for all cases: few are looked among, and each leads to its newest cases by an index.
        With ``facts`` only those so named count; every value of theirs where ``text`` is empty.
        """
        alive = [sa.exists().where(fact_value_case.c.value_id == fact_value.c.id)]
        named = [fact_value.c.fact.in_(sorted(facts))] if facts is not None else []
        if text or facts is None:
            words = words_of(text)
            found = newest(self._connection, "value", fact_value, places, words, [*alive, *named], VALUES + 1)
        else:
            found = self._newest_values(places, alive, sorted(facts))
        ids = found[:VALUES]
        if not ids:
            return [], False
        held = fact_value_case.c
        branches = []
        for number in ids:
            cases = sa.select(held.case_id, held.value_id).where(held.value_id == number)
            if recused:
                cases = cases.join(case, case.c.id == held.case_id).where(*not_about(recused))
            branches.append(sa.select(cases.order_by(held.case_id.desc()).limit(limit).subquery()))
        each = sa.union_all(*branches).subquery()
        rows = (
            sa.select(each.c.case_id, fact_value.c.fact)
            .join(fact_value, fact_value.c.id == each.c.value_id)
            .order_by(each.c.case_id.desc(), fact_value.c.fact)
        )
        every = self._all(FoundValue, rows)
        newest_cases = set(list(dict.fromkeys(row.case_id for row in every))[:limit])
        return [row for row in every if row.case_id in newest_cases], len(found) > VALUES

    def _newest_values(
        self, places: Sequence[str], conditions: Sequence[sa.ColumnElement[bool]], facts: Sequence[str]
    ) -> list[int]:
        """Return the newest values of the facts, each fact of each place read from its end."""
        branches = [
            sa.select(
                sa.select(fact_value.c.id)
                .where(fact_value.c.jurisdiction == place, fact_value.c.fact == fact, *conditions)
                .order_by(fact_value.c.id.desc())
                .limit(VALUES + 1)
                .subquery()
            )
            for place in places
            for fact in facts
        ]
        if not branches:
            return []
        every = sa.union_all(*branches).subquery()
        return list(self._connection.scalars(sa.select(every.c.id).order_by(every.c.id.desc()).limit(VALUES + 1)))

    def with_work(
        self, places: Sequence[str], kinds: Sequence[str], recused: Sequence[int], limit: int
    ) -> list[FoundWork]:
        """Return the newest cases of the places for which work of the kinds is still to do, ``limit`` of each kind."""
        branches = []
        for kind in kinds:
            away = not_about(recused) if recused else []
            here = sa.exists().where(case.c.id == work_item.c.case_id, case.c.jurisdiction.in_(places), *away)
            where = (work_item.c.kind == kind, _TO_COME, here)
            newest_of = sa.select(work_item.c.case_id, work_item.c.kind).where(*where).distinct()
            branches.append(sa.select(newest_of.order_by(work_item.c.case_id.desc()).limit(limit).subquery()))
        if not branches:
            return []
        every = sa.union_all(*branches).subquery()
        rows = sa.select(every.c.case_id, case.c.title, case.c.jurisdiction, every.c.kind)
        rows = rows.join(case, case.c.id == every.c.case_id).order_by(every.c.case_id.desc(), every.c.kind)
        return self._all(FoundWork, rows)

    def work_numbered(self, number: int, places: Sequence[str], recused: Sequence[int]) -> list[FoundWork]:
        """Return the work item of a number, whatever has become of it, where its case is one of the places."""
        columns = (work_item.c.case_id, case.c.title, case.c.jurisdiction, work_item.c.kind)
        found = sa.select(*columns).join(case, case.c.id == work_item.c.case_id).where(work_item.c.id == number)
        away = not_about(recused) if recused else []
        return self._all(FoundWork, found.where(case.c.jurisdiction.in_(places), *away))

    def versions_at(self, jurisdiction: str, process_id: str, element: str) -> list[str]:
        """Return the versions of the cases of a place that stand at an element, that of the newest case first."""
        here = (case.c.id.in_(waiting_ids(process_id, element)), case.c.jurisdiction == jurisdiction)
        found = sa.select(case.c.definition).where(*here).group_by(case.c.definition)
        return list(self._connection.scalars(found.order_by(sa.func.max(case.c.id).desc())))

    def note_findable(self, case_id: int, findable: str) -> None:
        """Note what a case is found by, which is no step of it."""
        self._alter(case, case_id, {"findable": findable})

    def drop_unused_values(self, value_ids: Sequence[int]) -> None:
        """Forget those of the values of facts that no case has."""
        drop_unused(self._connection, value_ids)

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
        found = sa.select(*columns).join(case, case.c.id == task.c.case_id).where(*where)
        return self._all(HeldCase, found.distinct().order_by(case.c.id.desc()).limit(_MOST_HELD))

    def _saying(self, subject: str, words: Sequence[str]) -> list[sa.ColumnElement[bool]]:
        return saying(subject, self._connection.dialect.name, words)


_MOST_HELD = 100
_TO_COME = sa.text("work_item.state in ('waiting', 'running', 'held', 'dead')")
"""In the words of the index that holds such work alone."""


def _newest_of(table: sa.Table) -> sa.Select[int]:
    return sa.select(table.c.id).order_by(table.c.id.desc())
