"""The parameters of a draft, by chapter, with what reads them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.reading.citations import CitedArticle, cite
from service.casework.studio.drafts.view_draft import DraftView, view_draft
from service.catalog import Package, Parameter
from service.catalog.coverage.parameter_readers import is_interpreted
from service.catalog.parameters.subjects import SUBJECTS, Subject, subject_of
from service.catalog.parameters.value_words import bounds_words, value_words
from service.catalog.uses.piece_users import PieceUser, users_of_parameters
from service.domain.calendar import local_date
from service.domain.errors import NotFound
from service.domain.text import Text


@dataclass(frozen=True, slots=True)
class ParameterLine:
    """One parameter: its values in words with the days from which they hold, bounds, articles, and what reads it.

    ``by_program``: the program itself reads it, besides the places in ``readers``.
    """

    parameter: Parameter
    values: tuple[tuple[date, Text], ...]
    bounds: Text | None
    articles: tuple[CitedArticle, ...]
    readers: tuple[PieceUser, ...]
    by_program: bool


@dataclass(frozen=True, slots=True)
class ParameterTable:
    """The parameters of a draft by chapter; ``today`` is the day that forecasts begin with."""

    draft: DraftView
    chapters: tuple[tuple[Subject, tuple[ParameterLine, ...]], ...]
    today: date


@guarded("draft.view")
def view_parameters(desk: Desk, actor: Actor, draft: int, text: str = "") -> ParameterTable:
    """Return the parameters of a draft with ``text`` in name, id, question or article."""
    view = view_draft(desk, actor, draft)
    lines = [_build_line(view.package, parameter) for parameter in view.package.award.parameters.values()]
    wanted = [line for line in lines if _speaks_of(line, text.strip().lower())]
    chapters = tuple(
        (subject, subject_lines)
        for subject in SUBJECTS
        if (subject_lines := tuple(line for line in wanted if subject_of(line.parameter) == subject))
    )
    return ParameterTable(view, chapters, local_date(desk.clock.now()))


@guarded("draft.view")
def view_parameter(desk: Desk, actor: Actor, draft: int, ident: str) -> tuple[DraftView, ParameterLine]:
    """Return one parameter of a draft; raises NotFound."""
    view = view_draft(desk, actor, draft)
    return view, _build_line(view.package, parameter_of(view.package, ident))


def parameter_of(package: Package, ident: str) -> Parameter:
    """Return a parameter of a package; raises NotFound."""
    parameter = package.award.parameters.get(ident)
    if parameter is None:
        raise NotFound(Text(f"没有参数“{ident}”，可能已被移除。", f"There is no parameter “{ident}”: it was removed."))
    return parameter


def words_in_place(package: Package, parameter: Parameter, value: Any) -> Text:
    """Return a value in words; one that is a role of the place by the name of the role."""
    role = package.jurisdiction.roles.get(value) if isinstance(value, str) and value in parameter.choices else None
    return role.text if role is not None else value_words(parameter, value)


def _build_line(package: Package, parameter: Parameter) -> ParameterLine:
    return ParameterLine(
        parameter,
        tuple((dated.since, words_in_place(package, parameter, dated.value)) for dated in parameter.values),
        bounds_words(parameter),
        cite(package, parameter.clauses),
        users_of_parameters(package).get(parameter.id, ()),
        is_interpreted(parameter),
    )


def _speaks_of(line: ParameterLine, text: str) -> bool:
    p = line.parameter
    return (
        text in " ".join((p.id, p.name, p.name_en, p.question, *(a.article for a in line.articles), *p.clauses)).lower()
    )
