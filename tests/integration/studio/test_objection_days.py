"""The time of a phase of an objection, typed in the days that the text counts, where a parameter counts the others."""

from __future__ import annotations

from dataclasses import replace

import pytest

from service.casework.studio.drafts.check_draft import check_draft
from service.casework.studio.drafts.draft_tree import package_of
from service.casework.studio.drafts.start_city import start_city
from service.casework.studio.parameters.change_parameter import propose_parameter, save_parameter
from service.catalog import Unit
from service.catalog.new_city.steps import CityStep
from tests.support.lakeside import Lakeside
from tests.support.new_place import OUTLINE, typed_as

WHOLE, IN_DAYS = "objection_reply_working_days", "objection_reply_calendar_days"


def errors_of(town: Lakeside, draft: int) -> list[str]:
    return [p.message.zh for p in check_draft(town.desk, town.designer, draft).problems if p.severity.name == "ERROR"]


@pytest.fixture
def draft(town: Lakeside) -> int:
    return start_city(town.desk, town.designer, replace(OUTLINE, steps=(CityStep.OBJECTION,)))


def test_thirty_days_typed_for_working_days_become_days_of_all(town: Lakeside, draft: int) -> None:
    """30日 are no 30 working days: the parameter counts the days of the text from then on, and back again."""
    old, before = package_of(town.desk, draft).award.parameters[WHOLE], errors_of(town, draft)
    typed = typed_as(old, value="30日", source="default", maximum="30")
    shown = propose_parameter(town.desk, town.designer, draft, typed)
    assert (shown.id, shown.forecast.sample) == (IN_DAYS, None), "no day of before is compared: it counted other days"
    assert save_parameter(town.desk, town.designer, draft, typed) == IN_DAYS
    known = package_of(town.desk, draft).award.parameters
    new = known[IN_DAYS]
    assert (new.unit, new.values[-1].value, new.maximum, new.clauses) == (Unit.CALENDAR_DAYS, 30, 30, old.clauses)
    assert WHOLE not in known
    assert errors_of(town, draft) == before
    save_parameter(town.desk, town.designer, draft, typed_as(new, value="25"))
    assert package_of(town.desk, draft).award.parameters[IN_DAYS].values[-1].value == 25, (
        "a number alone counts as it did"
    )
    save_parameter(town.desk, town.designer, draft, typed_as(new, value="5个工作日"))
    back = package_of(town.desk, draft).award.parameters[WHOLE]
    assert (back.values[-1].value, back.maximum) == (5, None), "a bound in days of all is none of working days"
