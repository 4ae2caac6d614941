"""The parameters of a draft, by chapter, with what reads them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import PurePosixPath

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.reading.citations import CitedArticle, cite
from service.casework.studio.view_draft import DraftView, view_draft
from service.catalog import Package, Parameter
from service.catalog.formula_places import places_of_formulas
from service.catalog.parameter_readers import files_reading, is_interpreted
from service.catalog.piece_kinds import PieceKind, kind_of, title_of
from service.catalog.setting_reach import names_in, names_of_row
from service.catalog.subjects import SUBJECTS, Subject, subject_of
from service.catalog.value_words import bounds_words, value_words
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
    readers: tuple[str, ...]
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
    lines = [_line(view.package, parameter) for parameter in view.package.award.parameters.values()]
    wanted = [line for line in lines if _speaks_of(line, text.strip().lower())]
    chapters = tuple(
        (subject, held)
        for subject in SUBJECTS
        if (held := tuple(line for line in wanted if subject_of(line.parameter) == subject))
    )
    return ParameterTable(view, chapters, local_date(desk.clock.now()))


@guarded("draft.view")
def view_parameter(desk: Desk, actor: Actor, draft: int, ident: str) -> tuple[DraftView, ParameterLine]:
    """Return one parameter of a draft; raises NotFound."""
    view = view_draft(desk, actor, draft)
    return view, _line(view.package, parameter_of(view.package, ident))


def parameter_of(package: Package, ident: str) -> Parameter:
    """Return a parameter of a package; raises NotFound."""
    found = package.award.parameters.get(ident)
    if found is None:
        raise NotFound(Text(f"没有参数“{ident}”，可能已被移除。", f"There is no parameter “{ident}”: it was removed."))
    return found


@lru_cache(maxsize=4)
def readers_of(package: Package) -> Mapping[str, tuple[str, ...]]:
    """Return for each parameter the places that read it, by their names with the id where they have one.

    Those are elements, documents and entries of the award by their expressions, rows of tables, and forms.
    """
    found: dict[str, dict[str, None]] = {}
    for name, place in (*_of_formulas(package), *_of_rows(package), *_of_forms(package)):
        found.setdefault(name, {})[place] = None
    return {name: tuple(places) for name, places in found.items()}


def _of_formulas(package: Package) -> Iterator[tuple[str, str]]:
    for text, places in places_of_formulas(package).items():
        for name in names_in(text):
            for place in places:
                yield name, _named(package, place)


def _of_rows(package: Package) -> Iterator[tuple[str, str]]:
    for table in {id(table): table for table in package.tables.values()}.values():
        for number, row in enumerate(table.rows, 1):
            for name in names_of_row(table, row):
                yield name, f"{table.name or table.id}：第{number}行（{row.id}）"


def _of_forms(package: Package) -> Iterator[tuple[str, str]]:
    for path, names in files_reading(package.files):
        if kind_of(path) is PieceKind.FORM:
            for name in names:
                yield name, f"表单：{title_of(package, path)}（{PurePosixPath(path).stem}）"


def _named(package: Package, place: str) -> str:
    """Return ``conferral.bpmn draft_winners`` with the names of the diagram and the element; other places as they are."""
    file, _, ident = place.partition(" ")
    for diagram in package.diagrams.values():
        element = diagram.elements.get(ident)
        if element is not None and diagram.file.rpartition("/")[2] == file:
            return f"{diagram.name or file}：{element.name or element.kind.value}（{ident}）"
    return place


def _line(package: Package, parameter: Parameter) -> ParameterLine:
    return ParameterLine(
        parameter,
        tuple((dated.since, value_words(parameter, dated.value)) for dated in parameter.values),
        bounds_words(parameter),
        cite(package, parameter.clauses),
        readers_of(package).get(parameter.id, ()),
        is_interpreted(parameter),
    )


def _speaks_of(line: ParameterLine, text: str) -> bool:
    p = line.parameter
    return (
        text in " ".join((p.id, p.name, p.name_en, p.question, *(a.article for a in line.articles), *p.clauses)).lower()
    )
