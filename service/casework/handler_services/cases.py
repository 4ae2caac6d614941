"""Service of operations: facts, numbers and parties of the case, its parent and its child cases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from service.casework.desk.jsonable import to_json_value
from service.casework.people.rights.suspension import reinstate_person, suspend_person
from service.casework.register.successor import hand_over_tasks
from service.casework.scope.record import case_views, holding_kinds, objection_kinds
from service.casework.step.limits.move import PUT_OFF, restart_periods
from service.casework.step.project import queue_parent_barriers
from service.casework.step.standstill import report_uncaught
from service.casework.step.step import Step
from service.casework.subjects.register_facts import same_organisations
from service.domain.errors import Invalid
from service.domain.text import Text
from service.sdk import ChildView, Holder


class CasePort:
    """The cases around a step."""

    def __init__(self, step: Step, cause: str) -> None:
        self._step, self._cause = step, cause

    def set(self, facts: Mapping[str, Any]) -> None:
        """Record facts declared for the process in award.yaml; raises Invalid for others."""
        step = self._step
        declared = step.package.award.processes[step.case.process].facts
        unknown = [name for name in facts if name not in declared]
        if unknown:
            raise Invalid(
                Text(
                    f"办件种类“{step.case.process}”没有声明事实 {'、'.join(unknown)}，请在“地方与奖项”的“记录的事实”中补上（award.yaml）。",
                    f"“{step.case.process}” declares no fact {', '.join(unknown)}: add it to the facts on the page “Place and award” (award.yaml).",
                )
            )
        step.set_facts(to_json_value(facts))
        queue_parent_barriers(step)

    def number(self, pattern: str) -> str:
        """Give the case its number, once."""
        step = self._step
        if step.case.number:
            return step.case.number
        scope = {"year": step.today.year}
        name = f"case:{step.case.jurisdiction}:{step.text(pattern.replace('{sequence}', '#'), scope)}"
        number = step.text(pattern, {**scope, "sequence": step.tx.counters.next(name)})
        step.change(number=number)
        step.audit("number", f"编号{number}")
        return number

    def sequence(self, name: str, pattern: str) -> str:
        """Return the next number of series ``name``; each year, and each pattern, counts for itself."""
        step = self._step
        scope = {"year": step.today.year}
        series = f"series:{step.case.jurisdiction}:{name}:{step.text(pattern.replace('{sequence}', '#'), scope)}"
        return step.text(pattern, {**scope, "sequence": step.tx.counters.next(series)})

    def bind(self, role: str, body: str) -> None:
        """Let ``body`` hold ``role`` in this case, with what is open there; an abstract role is taken for the one it is bound to.

        A second organisation keeps the name it was given (``parent_body``): the applicant's role is the subject's.
        """
        step = self._step
        ident = step.body_id(body)
        bound = step.package.jurisdiction.bindings.get(role, role)
        role_info = step.package.jurisdiction.roles.get(bound)
        if role_info is None or not role_info.subject:
            role = bound
        before = step.projection.parties.get(role)
        step.tx.cases.bind(step.case.id, role, ident)
        step.projection.parties[role] = ident
        if before not in (None, ident):
            hand_over_tasks(step, step.case.id, before, ident, role)

    def put_off(self, fact: str) -> None:
        """Let what counts from the day ``fact`` follow it, here and, after the commit, in the running cases below."""
        step = self._step
        restart_periods(step, f"case.{fact}", PUT_OFF)
        for child in step.tx.cases.select(parent_id=step.case.id):
            if child.status != "ended":
                key = f"follow:{step.case.id}:{self._cause}:{fact}:{child.id}"
                step.queue("follow", key, {"day": f"{step.case.process}.{fact}"}, case_id=child.id)

    def start(
        self,
        process: str,
        *,
        subject: int | None = None,
        facts: Mapping[str, Any] | None = None,
        key: str = "",
        beneath: int | None = None,
        joining: Sequence[str] = (),
        in_turn: bool = False,
        after: Mapping[str, str] | None = None,
    ) -> None:
        """Queue the start of a child case of this one, or of case ``beneath``, once per ``key`` and subject."""
        step = self._step
        if process not in step.package.award.processes:
            raise Invalid(Text(f"奖项没有办件种类“{process}”。", f"The award has no kind of case “{process}”."))
        payload = {
            "process": process,
            "subject": subject,
            "facts": to_json_value(facts or {}),
            "actor": step.actor.name,
        }
        payload |= {"join": list(joining)} if joining else {}
        payload |= {"in_turn": True, "after": dict(after or {})} if in_turn else {}
        named = f"start:{step.case.id}:{process}:{subject}:{key or self._cause}"
        step.queue("start", named, payload, case_id=beneath)

    def beside(self, process: str, subject: int | None) -> Sequence[ChildView]:
        """Return the cases of ``process`` about ``subject``, if given, below the nearest case above with any, oldest first."""
        step, above = self._step, self._step.case.parent_id
        while above is not None:
            rows = [
                r for r in step.tx.cases.select(parent_id=above, process=process) if subject in (None, r.subject_id)
            ]
            if rows:
                return case_views(step.tx, rows)
            above = step.tx.cases.get(above).parent_id
        return []

    def children(self, process: str | None = None, *, of: int | None = None) -> Sequence[ChildView]:
        """Return the child cases, or those of case ``of``, oldest first."""
        rows = self._step.tx.cases.select(
            parent_id=self._step.case.id if of is None else of, process__in=None if process is None else [process]
        )
        package = self._step.package
        return case_views(self._step.tx, rows, objection_kinds(package), holding_kinds(package))

    def holders(self, role: str) -> Sequence[Holder]:
        """Return who holds ``role`` now."""
        step = self._step
        bound_role = step.package.jurisdiction.bind(role)
        return [
            Holder(p.id, p.name) for p in step.tx.people.people_with(step.case.jurisdiction, bound_role, None, step.now)
        ]

    def suspend(self, person: int) -> Sequence[Mapping[str, Any]]:
        """Take every role in this jurisdiction from a person."""
        return suspend_person(self._step, person)

    def reinstate(self, person: int, seats: Sequence[Mapping[str, Any]]) -> None:
        """Give a suspended person their roles back."""
        reinstate_person(self._step, person, seats)

    def tell(self, cases: Sequence[int], message: str, payload: Mapping[str, Any]) -> None:
        """Send ``message`` to ``cases`` after the commit."""
        report_uncaught(self._step, message, "", cases)
        for ident in cases:
            key = f"message:{self._step.case.id}:{self._cause}:{message}:{ident}"
            self._step.queue(
                "message", key, {"message": message, "payload": to_json_value(payload)}, case_id=int(ident)
            )

    def tell_parent(self, message: str, payload: Mapping[str, Any], *, anew: bool = False) -> None:
        """Send ``message`` to the parent case, if there is one; with ``anew`` also to what its organisation began after it ended."""
        step = self._step
        if step.case.parent_id is None:
            return
        parent = step.tx.cases.get(step.case.parent_id)
        targets = [parent.id]
        if anew and parent.status == "ended" and parent.parent_id is not None and parent.subject_id is not None:
            names = (parent.subject_id, *same_organisations(step.tx.bodies.get(parent.subject_id)))
            begun = step.tx.cases.select(
                parent_id=parent.parent_id, process=parent.process, subject_id=names, status__ne="ended"
            )
            targets += [case.id for case in begun]
        self.tell(targets, message, payload)
