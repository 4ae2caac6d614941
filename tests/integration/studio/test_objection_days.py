"""The time of a phase of an objection, typed in the days that the text counts, where a parameter counts the others."""

from __future__ import annotations

from dataclasses import replace

import pytest

from service.casework.studio.drafts.check_draft import check_draft
from service.casework.studio.drafts.draft_tree import package_of
from service.casework.studio.drafts.start_city import start_city
from service.casework.studio.law.assist_clause import propose_assistance, write_assistance
from service.casework.studio.law.change_clause import change_clause
from service.casework.studio.parameters.change_parameter import propose_parameter, save_parameter
from service.catalog import Unit
from service.catalog.assistants.objection_answers import objection_as_it_stands
from service.catalog.new_city.steps import CityStep
from service.domain.errors import Invalid
from tests.integration.studio.test_drawn_clauses import DRAWN, OUTLINE, SEASON, typed_as
from tests.support.browsers import Browser, make_app
from tests.support.lakeside import Lakeside

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


def test_an_answer_from_acceptance_is_drawn_so_and_its_day_is_the_proof(town: Lakeside) -> None:
    """“自受理之日起20个工作日内答复”: neither the receipt nor the end of the inquiry begins the days."""
    draft = start_city(town.desk, town.designer, OUTLINE)
    text = "收到异议后5个工作日内决定是否受理，自受理之日起20个工作日内答复异议人。"
    change_clause(town.desk, town.designer, draft, "LN-2", {"text": text})
    page = (
        Browser(make_app(town), town, "designer")
        .get(f"/studio/drafts/{draft}/clauses/LN-2/assist?kind=objection_window")
        .text
    )
    assert '<option value="acceptance" selected>自受理异议起，核查到答复一并计算</option>' in page
    typed = replace(
        DRAWN["objection"], value="20", scenario=SEASON, answers={"counted": "acceptance", "acceptance": "5"}
    )
    assert propose_assistance(town.desk, town.designer, draft, typed).expectation.startswith(
        "办件 异议，任务 拟定书面答复，期限 "
    )
    write_assistance(town.desk, town.designer, draft, typed)
    package = package_of(town.desk, draft)
    known = package.award.parameters
    phases = ("investigation", "finding", "reply")
    assert {known[f"objection_{phase}_from"].values[-1].value for phase in phases} == {"acceptance"}
    assert known["objection_reply_from"].labels["acceptance"].zh == "受理异议"
    assert objection_as_it_stands(package)["counted"] == "acceptance"
    assert errors_of(town, draft) == []
    late = known["objection_investigation_working_days"]
    with pytest.raises(Invalid, match="自受理异议起第21个工作日才届满"):
        propose_parameter(town.desk, town.designer, draft, typed_as(late, value="21"))
