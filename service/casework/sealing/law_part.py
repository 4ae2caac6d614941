"""The law of a round: the version of the procedure, every parameter with its articles, and the days that were counted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from service.casework.desk.jsonable import jsonable
from service.casework.sealing.counted_days import counted_calendars
from service.casework.sealing.round_read import RoundRead
from service.catalog import Package
from service.domain.calendar import CalendarYear, Layer, local_date


def law_part(read: RoundRead) -> dict[str, Any]:
    """Return the regulation, the versions that cases of the round ran under, and the parameters as the round froze them."""
    package, frozen = read.package, read.root.parameters or {}
    return {
        "regulation": package.law.title,
        "package": package.key,
        "version": read.root.definition,
        "versions": sorted({case.definition for case in read.cases}),
        "clauses": {ident: clause.article for ident, clause in sorted(package.law.clauses.items())},
        "parameters": {
            ident: {
                "name": parameter.text.as_json(),
                "value": jsonable(frozen.get(ident)),
                "clauses": list(parameter.clauses),
                "articles": articles(package, parameter.clauses),
                "unit": parameter.unit.value,
            }
            for ident, parameter in sorted(package.award.parameters.items())
        },
    }


def articles(package: Package, clauses: tuple[str, ...] | list[str]) -> list[str]:
    """Return the articles that clauses stand in, each once."""
    return list(dict.fromkeys(package.law.article(ident) for ident in clauses))


def calendar_part(read: RoundRead) -> dict[str, Any]:
    """Return the layers of the city's calendar for all years that a notice of the round lies in, and the year after.

    ``former`` are those states of before by which a notice was counted, and by today's no more.
    """
    days = [day for row in read.notices for day in (local_date(row.posted_at), row.last_day)]
    years = range(min((d.year for d in days), default=1), max((d.year for d in days), default=0) + 2)
    today, *former = counted_calendars(read)
    return {
        "calendar": today.key,
        "layers": [layer_json(layer, years) for layer in today.layers],
        "former": [{"layers": [layer_json(layer, years) for layer in calendar.layers]} for calendar in former],
    }


def layer_json(layer: Layer, years: range) -> dict[str, Any]:
    """Return the ``years`` of a layer of a calendar as JSON."""
    return {
        "layer": layer.key,
        "name": layer.name.as_json(),
        "rest_weekdays": sorted(layer.rest_weekdays),
        "years": {str(number): _year(layer.years[number]) for number in years if number in layer.years},
    }


def _year(year: CalendarYear) -> Mapping[str, Any]:
    return {
        "status": year.status.value,
        "days_off": [
            {"name": span.name.as_json(), "first": _iso(span.first), "last": _iso(span.last), "source": span.source}
            for span in year.days_off
            if span.applied
        ],
        "make_up": sorted(_iso(day) for day in year.make_up),
    }


def _iso(day: date) -> str:
    return day.isoformat()
