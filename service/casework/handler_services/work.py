"""The context of an operation, implemented over the running step (protocol in service/sdk/work.py)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from service.casework.desk.jsonable import to_json_value
from service.casework.handler_services.ballots import BallotPort
from service.casework.handler_services.cases import CasePort
from service.casework.handler_services.documents import DocumentPort, MailPort
from service.casework.handler_services.findings import FindingPort
from service.casework.handler_services.notices import NoticePort
from service.casework.handler_services.register import RegisterPort
from service.casework.handler_services.review import ReviewPort
from service.casework.step.decide import evaluate_decided
from service.casework.step.fill import require_filled, require_list
from service.casework.step.step import Step
from service.domain.calendar import Window
from service.domain.calendar.rules import rest_day_rule_of
from service.domain.errors import Invalid
from service.domain.text import Text
from service.engine import ServiceCall
from service.sdk import CaseView, ElementView


class OperationContext:
    """The unit of work of one service task, as handlers see it."""

    def __init__(self, step: Step, call: ServiceCall) -> None:
        self._step, self._call = step, call
        element = step.element(call.process_id, call.element_id)
        self.element = ElementView(element.id, element.name, step.clauses_of(element, call.call_path))
        self.notices = NoticePort(step, self.element)
        self.documents = DocumentPort(step, self.element, call)
        self.mail = MailPort(step, call.id)
        self.cases = CasePort(step, call.id)
        self.findings = FindingPort(step)
        self.register = RegisterPort(step)
        self.review = ReviewPort(step, self.element)
        self.ballots = BallotPort(step, self.element, call.process_id)

    @property
    def now(self) -> datetime:
        """The instant of the step."""
        return self._step.now

    @property
    def today(self) -> date:
        """Its date in Asia/Shanghai."""
        return self._step.today

    @property
    def case(self) -> CaseView:
        """The case as it is now, changes of this step included."""
        c = self._step.case
        return CaseView(
            c.id,
            c.process,
            c.title,
            c.jurisdiction,
            c.award,
            c.number,
            c.parent_id,
            c.subject_id,
            c.started_at,
            self._step.facts,
        )

    @property
    def param(self) -> Mapping[str, Any]:
        """The parameters frozen for the case."""
        frozen: Mapping[str, Any] = self._step.case.parameters
        return frozen

    def scope(self) -> Mapping[str, Any]:
        """Return the record scope with the token's variables over it."""
        seen: Mapping[str, Any] = self._step.scope.with_extra(self._call.data)
        return seen

    def text(self, template: str, extra: Mapping[str, Any] | None = None) -> str:
        """Fill FEEL in braces."""
        data = {**self._call.data, **(extra or {})}
        require_filled(template, self._step.scope.with_extra(data), self._step.desk.functions, self._step.environment)
        return self._step.text(template, data)

    def evaluate(self, expression: str, extra: Mapping[str, Any] | None = None) -> Any:
        """Evaluate FEEL over the record scope, the token's variables and ``extra``; raises DecidedByNothing."""
        return evaluate_decided(self._step, expression, {**self._call.data, **(extra or {})})

    def amount(self, expression: str, extra: Mapping[str, Any] | None = None) -> int:
        """Evaluate FEEL that gives a sum in whole yuan, 0 where a setting is not set; raises Invalid for anything else."""
        value = evaluate_decided(self._step, expression, {**self._call.data, **(extra or {})}, may_be_null=False) or 0
        if isinstance(value, bool) or not isinstance(value, int | Decimal) or value < 0 or value != int(value):
            raise Invalid(
                Text(
                    f"公式“{expression}”得到“{value}”，不是整元的金额；有小数的写明怎样取整，例如 floor(…)。",
                    f"The formula “{expression}” gives “{value}”, which is no sum in whole yuan; say how it is rounded, "
                    "for example floor(…).",
                )
            )
        return int(value)

    def rows(self, expression: str, extra: Mapping[str, Any] | None = None) -> list[Any]:
        """Evaluate FEEL that gives a list, an empty one where it is null; raises Invalid for anything else."""
        return require_list(expression, self.evaluate(expression, extra))

    def selects(self, condition: str, row: Mapping[str, Any]) -> bool:
        """Return whether a condition means a row, ``row`` giving it its name; what it lacks decides, as in a filter."""
        return evaluate_decided(self._step, condition, {**self._call.data, **row}, row.keys()) is True

    def window(
        self,
        *,
        working_days: int | None = None,
        calendar_days: int | None = None,
        start: date | None = None,
        roll: str = "",
    ) -> Window:
        """Compute a statutory period."""
        return self._step.window(working_days, calendar_days, start, roll=rest_day_rule_of(roll))

    def named_day(self, day: date, roll: str = "") -> Window:
        """Return the window that ends with a day named as a deadline."""
        return self._step.named_day(day, rest_day_rule_of(roll))

    def forms(self, form: str) -> Sequence[Mapping[str, Any]]:
        """Return every submission of ``form``, oldest first."""
        submissions: Sequence[Mapping[str, Any]] = self._step.scope["forms"].get(form, [])
        return submissions

    def audit(self, text: str, data: Mapping[str, Any] | None = None) -> None:
        """Add a line to the case's history."""
        self._step.audit("note", text, self.element.id, None if data is None else to_json_value(data))
