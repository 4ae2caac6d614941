"""The pages of a city's settings: values in force, alternatives, and who changed them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.calendars import chosen_values, stored_value
from service.casework.desk.desk import Desk
from service.casework.queries.law.versions import studied_package
from service.casework.reading.citations import CitedArticle, cite
from service.catalog import Basis, DatedValue, Package, Parameter, Unit
from service.catalog.parameters.subjects import SUBJECTS, Subject, subject_of
from service.catalog.parameters.value_words import bounds_words, value_words
from service.catalog.settings.settings import is_changeable, typed_value, why_refused
from service.catalog.source.freeze import freeze
from service.domain.calendar import local_date
from service.domain.errors import NotFound
from service.domain.text import Text
from service.store.models import SettingRow


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One change a city made: ``counts`` is False where the law has since ruled the value out."""

    since: date
    value: Text
    reason: str
    actor: str
    at: datetime
    counts: bool


@dataclass(frozen=True, slots=True)
class SettingLine:
    """One parameter as in force today; ``by_city`` where the city chose, ``coming`` what is set for later days."""

    parameter: Parameter
    subject: Subject
    articles: tuple[CitedArticle, ...]
    default: Text
    value: Text
    typed: str
    by_city: bool
    coming: tuple[tuple[date, Text], ...]
    alternatives: tuple[tuple[str, Text], ...]
    bounds: Text | None
    changeable: bool
    changes: tuple[ChangeLine, ...]

    @property
    def open_question(self) -> bool:
        """Whether the text is silent and a default was taken."""
        return self.parameter.source is Basis.DEFAULT

    @property
    def changed(self) -> bool:
        """Whether the city ever set it."""
        return bool(self.changes)


@dataclass(frozen=True, slots=True)
class SettingsView:
    """The settings of one award by subject."""

    package: Package
    groups: tuple[tuple[Subject, tuple[SettingLine, ...]], ...]
    counts: tuple[int, int, int]
    today: date
    may_change: bool


@guarded("law.study")
def view_settings(desk: Desk, actor: Actor, package_key: str, show: str = "", text: str = "") -> SettingsView:
    """Return the settings of a published package.

    ``show`` is "" (open questions), "stated", "changed" or "all"; ``text`` is looked for in names, questions,
    ids and articles. ``counts`` are open questions, stated values and values the city changed. Raises NotFound.
    """
    with desk.store.read() as tx:
        package = studied_package(desk, tx, actor, package_key)
        rows = tx.settings.select(package=package.key)
    today = local_date(desk.clock.now())
    lines = settings_of(package, rows, today)
    wanted = [line for line in lines if _is_listed(line, show) and _speaks_of(line, text.strip())]
    return SettingsView(
        package,
        tuple(
            (s, subject_lines)
            for s in SUBJECTS
            if (subject_lines := tuple(line for line in wanted if line.subject == s))
        ),
        (
            sum(line.open_question for line in lines),
            sum(not line.open_question for line in lines),
            sum(line.changed for line in lines),
        ),
        today,
        actor.secures(package.jurisdiction.id),
    )


@guarded("law.study")
def view_setting(desk: Desk, actor: Actor, package_key: str, parameter: str) -> tuple[SettingsView, SettingLine]:
    """Return one setting with its history; raises NotFound."""
    view = view_settings(desk, actor, package_key, "all")
    for _, lines in view.groups:
        for line in lines:
            if line.parameter.id == parameter:
                return view, line
    raise NotFound(Text(f"没有参数“{parameter}”。", f"There is no parameter “{parameter}”."))


def settings_of(package: Package, rows: Iterable[SettingRow], today: date) -> tuple[SettingLine, ...]:
    """Return a line for every parameter of ``package``, with what ``rows`` changed of it."""
    rows = tuple(rows)
    chosen = chosen_values(rows, package)
    changes: dict[str, list[ChangeLine]] = {}
    for row in rows:
        if row.parameter in package.award.parameters:
            change = _build_change_line(package, package.award.parameters[row.parameter], row)
            changes.setdefault(row.parameter, []).append(change)
    return tuple(
        _build_setting_line(package, parameter, chosen.get(ident, ()), changes.get(ident, ()), today)
        for ident, parameter in package.award.parameters.items()
    )


def _build_setting_line(
    package: Package, parameter: Parameter, chosen: tuple[DatedValue, ...], changes: Sequence[ChangeLine], today: date
) -> SettingLine:
    effective = parameter.with_set(chosen)
    present = effective.value_on(today)
    begun = [dated for dated in effective.values if dated.since <= today] or effective.values[:1]
    return SettingLine(
        parameter=parameter,
        subject=subject_of(parameter),
        articles=cite(package, parameter.clauses),
        default=value_words(parameter, freeze(parameter.value_on(today))),
        value=value_words(parameter, freeze(present)),
        typed=typed_value(present),
        by_city=bool(begun) and begun[-1] in chosen,
        coming=tuple((d.since, value_words(parameter, d.value)) for d in effective.values if d.since > today),
        alternatives=_list_alternatives(parameter),
        bounds=bounds_words(parameter),
        changeable=is_changeable(parameter),
        changes=tuple(changes)[::-1],
    )


def _list_alternatives(parameter: Parameter) -> tuple[tuple[str, Text], ...]:
    """Return what may be chosen, as typed and in words."""
    choices: tuple[Any, ...] = parameter.choices or ((True, False) if parameter.unit is Unit.BOOLEAN else ())
    return tuple((typed_value(choice), value_words(parameter, choice)) for choice in choices)


def _build_change_line(package: Package, parameter: Parameter, row: SettingRow) -> ChangeLine:
    value = stored_value(parameter, row.value["value"])
    allowed = why_refused(package, parameter, value) is None
    return ChangeLine(row.since, value_words(parameter, freeze(value)), row.reason, row.actor, row.at, allowed)


def _is_listed(line: SettingLine, show: str) -> bool:
    return {"stated": not line.open_question, "changed": line.changed, "all": True}.get(show, line.open_question)


def _speaks_of(line: SettingLine, text: str) -> bool:
    p = line.parameter
    texts = (p.id, p.name, p.name_en, p.question, line.value.zh, *(a.article for a in line.articles), *p.clauses)
    return text.lower() in " ".join(texts).lower()
