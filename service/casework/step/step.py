"""The step: one case advanced inside one transaction, with engine, handlers, projections, history and work items."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from service.casework.access.actor import SYSTEM, Actor
from service.casework.desk.desk import Desk
from service.casework.scope.record import LazyScope, RecordScope, case_facts
from service.casework.step.case_state import Pending, unpack_case_state
from service.casework.step.fill import compiled, fill
from service.casework.step.instants import as_instant
from service.casework.step.lost_openings import Lost, lost_openings
from service.catalog import Element, Package
from service.catalog.parameters.counting import counting_of
from service.domain.calendar import (
    RestDayRule,
    StartRule,
    Window,
    calendar_window,
    local_date,
    named_day,
    working_window,
)
from service.domain.errors import NotFound
from service.domain.proof.fact_changes import FactChange, differs
from service.domain.text import Text
from service.engine import Environment, Instance
from service.store import AuditEvent, NewWork, Transaction
from service.store.models import CaseRow, FindingRow, FormResultRow, NoticeRow


class Step:
    """The unit of work on one locked case.

    Open it with ``open_step`` (or ``first_step`` for a new case), change ``instance``, call
    ``settle`` to run service tasks and ``save`` to write everything. Nothing is visible to
    others before the surrounding transaction commits.
    """

    def __init__(self, desk: Desk, tx: Transaction, case: CaseRow, actor: Actor) -> None:
        self.desk, self.tx, self.case, self.actor = desk, tx, case, actor
        self.author = actor
        self.by_program = False
        """A program sent the submission: no page leaves out for it what is not asked, so that it is told."""
        self.running: str | None = None
        """The service task that runs now, as process/element."""
        self.now: datetime = desk.clock.now()
        self.package: Package = desk.packages.get(case.definition, tx)
        self.facts: dict[str, Any] = dict(case.facts)
        self.facts_before: Mapping[str, Any] = case.facts
        self.pending = Pending()
        projection, self.engine_state = unpack_case_state(case.state)
        self.stored = case
        """The row as it was read."""
        self.projection = projection
        """What the state of the case knows of its rows in other tables."""
        self.scope = RecordScope(tx, self.package, case)
        self.changes: dict[str, Any] = {}
        self.told_parent = False
        self.calls_before: Mapping[tuple[str, str], frozenset[str]] | None = None
        """The call activities it stood in before; None where another instance takes its place: the record knows them."""
        self.lost_before: Lost = {}
        """What was opened for tokens that were gone before."""
        self._variables = LazyScope({"param": case.parameters, "case": case_facts(case)})
        self._add_parent()
        jurisdiction = self.package.jurisdiction
        counting = counting_of(jurisdiction, self.package.award.time_settings, case.parameters)
        self.environment = Environment(self.now, desk.calendar(jurisdiction.calendar), self._variables, counting)
        self.instance: Instance

    @property
    def today(self) -> date:
        """The date in Asia/Shanghai."""
        return local_date(self.now)

    # what happened ---------------------------------------------------------------------------
    def audit(self, action: str, text: str, element: str | None = None, data: Mapping[str, Any] | None = None) -> None:
        """Add a line to the case's history in the name of the actor: the person, then the program for what follows."""
        actor = self.author
        self.pending.events.append(AuditEvent(self.now, actor.name, action, text, actor.person_id, element, data or {}))

    def queue(
        self,
        kind: str,
        key: str,
        payload: Mapping[str, Any],
        due: datetime | None = None,
        *,
        case_id: int | None = None,
    ) -> None:
        """Queue work to be done after the commit, once per ``key``."""
        self.pending.work.append(NewWork(kind, case_id or self.case.id, key, payload, due or self.now))

    def set_facts(self, facts: Mapping[str, Any], gone: Collection[str] = (), *, on_form: bool = False) -> None:
        """Record facts of the case, and forget those ``gone``; expressions see it at once.

        What changes goes on record with old and new value, unless it stands ``on_form`` that is kept anyway.
        """
        fresh = {**facts, **dict.fromkeys(gone)}
        who = None if self.running and self.author is SYSTEM else self.author.name
        self.pending.facts += [
            FactChange(name, self.facts.get(name), value, self.running, who)
            for name, value in fresh.items()
            if not on_form and differs(self.facts.get(name), value)
        ]
        self.facts.update(facts)
        for name in gone:
            self.facts.pop(name, None)
        self._refresh_case(facts=self.facts)

    def change(self, **columns: Any) -> None:
        """Change columns of the case row (number, subject_id, title, status, outcome …)."""
        self.changes.update(columns)
        self._refresh_case(**columns)

    def stand_at(self, case: CaseRow, facts: Mapping[str, Any], changes: Mapping[str, Any]) -> None:
        """Take back what a handler that failed changed: ``case``, its facts and changed columns as they were before it."""
        self.case, self.facts, self.changes = case, dict(facts), dict(changes)
        self._refresh_case(facts=self.facts)

    # expressions -----------------------------------------------------------------------------
    def evaluate(self, text: str, extra: Mapping[str, Any] | None = None) -> Any:
        """Evaluate FEEL over the record scope plus ``extra``."""
        scope = self.scope.with_extra(extra) if extra else self.scope
        return compiled(text, self.desk.functions).evaluate(scope, self.environment)

    def text(self, template: str, extra: Mapping[str, Any] | None = None) -> str:
        """Fill FEEL in braces over the record scope plus ``extra``."""
        scope = self.scope.with_extra(extra) if extra else self.scope
        return fill(template, scope, self.desk.functions, self.environment)

    def window(
        self,
        working_days: int | None,
        calendar_days: int | None,
        start: date | None = None,
        rule: StartRule | None = None,
        roll: RestDayRule | None = None,
    ) -> Window:
        """Compute a statutory period from ``start`` (today) as the city counts.

        ``rule`` says otherwise which day is one, ``roll`` what becomes of a last day that is a rest day.
        """
        env = self.environment
        begin, period_rule = start or self.today, rule or env.counting.period
        if working_days is not None:
            return working_window(env.calendar, begin, int(working_days), period_rule)
        return calendar_window(env.calendar, begin, int(calendar_days or 0), period_rule, roll or env.counting.roll)

    def named_day(self, day: date, roll: RestDayRule | None = None) -> Window:
        """Return the window that ends with ``day``, a named deadline."""
        counting = self.environment.counting
        return named_day(self.environment.calendar, day, roll or counting.roll, counting.closes)

    def instant(self, expression: str) -> datetime | None:
        """Evaluate a FEEL expression of time; a duration counts from now."""
        value = self.evaluate(expression)
        return self.now + value if isinstance(value, timedelta) else as_instant(value)

    def body_id(self, key: str) -> int:
        """Return the row number of body ``key`` of the jurisdiction, or of the organisation with that credit code.

        Raises NotFound.
        """
        bodies = self.tx.bodies
        row = bodies.find(jurisdiction=self.case.jurisdiction, key=key) or bodies.find(jurisdiction="*", key=key)
        if row is None:
            raise NotFound(
                Text(
                    f"没有标识或者统一社会信用代码为“{key}”的单位，请核对“地方与奖项”中的机构（jurisdiction.yaml），或者先让该组织登记账户。",
                    f"No body has the id or credit code “{key}”: look at the bodies of “Place and award” (jurisdiction.yaml), or register the organisation.",
                )
            )
        return row.id

    def element(self, process_id: str, element_id: str) -> Element:
        """Return the diagram element."""
        return self.package.element(process_id, element_id)

    def clauses_of(self, element: Element, call_path: tuple[str, ...]) -> tuple[str, ...]:
        """Return the clauses ``element`` carries out where the calls of ``call_path`` lead to it in this case."""
        return self.package.clauses_of(element, call_path, self.package.process(self.case.process).process)

    def submissions(self, form: str | None = None) -> list[FormResultRow]:
        """Return what was submitted in the case, oldest first."""
        return [row for row in self.tx.forms.of_case(self.case.id) if form in (None, row.form)]

    def findings(self) -> list[FindingRow]:
        """Return the findings that count, in the order they were made."""
        return self.tx.findings.select(case_id=self.case.id, current=True)

    def notices(self) -> list[NoticeRow]:
        """Return the notices of the case, oldest first."""
        return self.tx.notices.select(case_id=self.case.id)

    def lost_openings(self) -> Lost:
        """Return what operations of the case opened for tokens that are gone; the database is not asked."""
        return lost_openings(self.package, self.desk.operations, self.instance, self.projection.visits)

    def _refresh_case(self, **columns: Any) -> None:
        self.case = replace(self.case, **columns)
        facts = case_facts(self.case)
        self._variables.set("case", facts)
        self.forget_records()

    def _add_parent(self) -> None:
        parent = self.package.award.processes[self.case.process].parent
        if parent and self.case.parent_id is not None:
            scope = self.scope  # not the step, which would hold itself by it
            self._variables.read(parent, lambda: scope[parent])

    def forget_records(self) -> None:
        """Drop cached records after a write that expressions may depend on."""
        self.scope.read_anew(self.case)


def open_step(desk: Desk, tx: Transaction, case_id: int, actor: Actor) -> Step:
    """Lock case ``case_id`` and restore its instance; raises NotFound."""
    return step_of(desk, tx, tx.cases.lock(case_id), actor)


def step_of(desk: Desk, tx: Transaction, locked: CaseRow, actor: Actor) -> Step:
    """Restore the instance of a case that is locked already."""
    step = Step(desk, tx, locked, actor)
    tx.crash("case-locked")
    step.instance = desk.engine.restore_cached(step.case.definition, step.engine_state, step.environment)
    step.calls_before = step.instance.calls()
    step.lost_before = step.lost_openings()
    return step
