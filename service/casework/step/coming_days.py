"""The working days ahead, for a form whose rule counts them: a form has no calendar of its own."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from service.casework.step.step import Step
from service.domain.forms import Form

NAME = "coming_working_days"
"""The name by which a form declares that its rules read the working days after today."""
_AHEAD = 800


def coming_working_days(step: Step, form: Form) -> Mapping[str, list[date]]:
    """Return the working days of the next two years after today by their name; nothing where the form does not ask for them."""
    if NAME not in str(step.package.form_properties(form.id).get("variables") or "").split():
        return {}
    calendar = step.desk.calendar(step.package.jurisdiction.calendar)
    ahead = (step.today + timedelta(days=number) for number in range(1, _AHEAD))
    return {NAME: [day for day in ahead if calendar.is_working(day)]}
