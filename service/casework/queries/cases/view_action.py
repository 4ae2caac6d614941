"""The page of a case action: its form, what it causes, and under which article."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from service.casework.access.actor import Actor
from service.casework.access.case_access import require_case
from service.casework.access.guards import guarded
from service.casework.cases.act_on_case import is_offered, seat_for_action
from service.casework.desk.desk import Desk
from service.casework.reading.case_loading import open_read_only
from service.casework.reading.citations import CitedArticle, cite
from service.casework.step.fill import form_settings
from service.catalog import Package
from service.domain.errors import NotAllowed, NotFound
from service.domain.forms import Form
from service.domain.forms.describe import FieldInfo
from service.domain.text import Text


@dataclass(frozen=True, slots=True)
class ActionPage:
    """An action as its page shows it; ``refusal`` when it is not possible now.

    ``settings`` are the names from outside that the form may read.
    """

    id: str
    case_id: int
    case_title: str
    name: Text
    clauses: tuple[CitedArticle, ...]
    consequence: str
    form: Form | None
    package: Package
    today: date
    refusal: Text | None
    settings: Mapping[str, Any]

    @property
    def fields(self) -> tuple[FieldInfo, ...]:
        """The fields of the form; in lists their path has ``[]``."""
        return self.form.fields_of(self.settings, self.today) if self.form else ()

    @property
    def context(self) -> Mapping[str, Any]:
        """What the program fills in, and what conditions of fields read besides these: it is not sent."""
        return self.form.split_values({}, today=self.today, stored=self.settings)[1] if self.form else {}


@guarded("case.act")
def view_action(desk: Desk, actor: Actor, case_id: int, action: str) -> ActionPage:
    """Return ``action`` of a case; raises NotFound, NotAllowed when it is not for the actor's role."""
    with desk.store.read() as tx:
        case = tx.cases.get(case_id)
        require_case(actor, case, tx)
        step = open_read_only(desk, tx, case, actor)
        info = step.package.award.actions.get(action)
        if info is None or info.process != case.process:
            raise NotFound(Text(f"此办件没有“{action}”这一操作。", f"This case has no action {action!r}."))
        if seat_for_action(step, info) is None:
            raise NotAllowed(
                Text(f"“{info.name}”不由您的角色办理。", f"“{info.name_en or info.name}” is not for your role.")
            )
        refusal = None
        if case.status != "running" or not is_offered(step, info):
            refusal = info.refusal or Text(
                f"目前不能{info.name}：规定的时间已过或条件不具备。",
                f"“{info.name_en or info.name}” is not possible now.",
            )
        return ActionPage(
            action,
            case_id,
            case.title,
            info.text,
            cite(step.package, info.clauses),
            step.text(info.consequence) if info.consequence else "",
            desk.packages.form(step.package, info.form) if info.form else None,
            step.package,
            step.today,
            refusal,
            form_settings(step.package, case.parameters),
        )
