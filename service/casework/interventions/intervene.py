"""Carry out one intervention in one case: right, reason, the change itself, notice, audit, and its effect.

A dry run does all of it in a unit of work that is rolled back: what it shows is what would happen.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from service.casework.access.actor import Actor, office_role
from service.casework.access.book.acting import describe_current_act
from service.casework.access.case_access import require_may_handle
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.interventions.effect import CaseChange, Effect, Told, compared, read_case_standing
from service.casework.reading.history import INTERVENED
from service.casework.step.case_state import BY_ITSELF, Cause
from service.casework.step.post import add_page_link, list_responsible_people, queue_to
from service.casework.step.save import save_step
from service.casework.step.standstill import STANDSTILL, stands_still
from service.casework.step.step import Step, open_step
from service.domain.errors import Conflict, Invalid, NotAllowed
from service.domain.text import Text
from service.store import Transaction
from service.store.models import PersonRow


class AlreadyDone(Conflict):
    """What was tried is done already, as by the first of two clicks; nothing is to be done again."""

    code = "already_done"


def wish_of(kind: str, names: tuple[str, ...], inputs: Mapping[str, Any], *, public: bool) -> str:
    """Return what is asked for, as a mark holds it: the kind, its values (``names``, and NAME-…), who reads the reason."""
    values = {
        name: str(inputs[name] or "").strip()
        for name in sorted(inputs)
        if name in names or any(name.startswith(f"{each}-") for each in names)
    }
    return json.dumps([kind, values, public], ensure_ascii=False, sort_keys=True)


def mark_of(wish: str, version: int, effect: Effect) -> str:
    """Return the mark of a trial: case, its version then, and a hash of what is asked for and of its effect."""
    changes = [(c.what.en, c.name, c.before and c.before.zh, c.after and c.after.zh) for c in effect.changes]
    messages = [(message.name, message.subject) for message in effect.told]
    content = json.dumps([wish, changes, messages], ensure_ascii=False)
    return f"{effect.case_id}-{version}-{hashlib.sha256(content.encode()).hexdigest()[:24]}"


def require_not_done(step: Step, tried: str) -> None:
    """Raise AlreadyDone where the case was changed by what has the mark ``tried``."""
    done = step.tx.history.newest(step.case.id) if tried else ()
    if any(row.action == INTERVENED and isinstance(row.data, dict) and row.data.get("tried") == tried for row in done):
        raise AlreadyDone(
            Text(
                "这次试算的内容已经办理，没有再办一次；办理记录中可以查看。",
                "What was tried is done already, and was not done again: the history shows it.",
            )
        )


def require_tried(tried: str, effect: Effect) -> None:
    """Raise Invalid where nothing was tried, Conflict where the effect would be another one than that of the trial."""
    if not tried:
        raise Invalid(
            Text(
                "请先试算，核对办理后的变化，再办理。",
                "Try it first, look at what would change, and then do it.",
            )
        )
    if tried != effect.tried:
        raise Conflict(
            Text(
                "试算之后办件或者填写的内容有了变化，没有办理。请重新试算，核对后再办理。",
                "Since it was tried the case or what was filled in has changed, and nothing was done: try it again.",
            )
        )


LONGEST_REASON = 500


@dataclass(frozen=True, slots=True)
class InterventionAsked:
    """Why somebody intervenes, and whether only to try it; ``also`` is written in the same unit of work.

    The reason is for the office and who oversees the case, unless it is ``public``: others read the effect and its ground.
    ``wish`` is what is asked for (`wish_of`) and why; where a trial is demanded, ``tried`` is its mark, "" for none. Of one ``among``
    many the office is told once, when all are done (`tell_offices`).
    """

    reason: str
    dry: bool = False
    also: Callable[[Transaction, Effect], object] | None = None
    public: bool = False
    wish: str = ""
    tried: str | None = None
    among: bool = False

    @property
    def told(self) -> str:
        """The reason as those outside the office read it, "" where it is internal."""
        return self.reason.strip() if self.public else ""


@dataclass(frozen=True, slots=True)
class Done:
    """What an intervention came to: the sentence for history and notice, and more people to tell than the office."""

    text: Text
    cause: Cause = BY_ITSELF
    tell: tuple[PersonRow, ...] = ()
    element: str | None = None
    already_notified: bool = False
    """The intervention itself told those concerned; the office is told all the same."""
    reached: frozenset[int] = frozenset()
    """Whom it told with the reason that the office reads: these get no second letter."""
    follows: tuple[CaseChange, ...] = ()
    """What happens by itself right after it."""


class _Tried(Exception):
    """Ends a dry run, so that nothing of it stays."""

    def __init__(self, effect: Effect) -> None:
        super().__init__()
        self.effect = effect


def _settle_incidents(step: Step) -> None:
    """Close the incidents of the case that its change has settled: what was stopped runs, or the case is over."""
    over = step.case.status == "ended" or step.instance.completed
    stopped = {call.id for call in step.instance.service_calls()} if not over else set()
    still = not over and stands_still(step)
    for incident in step.tx.incidents.select(case_id=step.case.id):
        if incident.resolved_at is not None or incident.work_item_id is not None:
            continue
        gone = incident.kind == "service" and incident.engine_id not in stopped
        if over or gone or (incident.kind == STANDSTILL and not still):
            step.tx.incidents.resolve(incident.id, step.now)


@guarded("case.intervene")
def apply_intervention(
    desk: Desk, actor: Actor, case_id: int, request: InterventionAsked, change: Callable[[Step], Done]
) -> Effect:
    """Let ``change`` alter the case and write everything; returns what is otherwise now, or would be.

    Raises:
        NotAllowed: the actor does not administer the place, or is recused.
        Invalid: there is no reason, or it was not tried.
        AlreadyDone: what was tried was done.
        Conflict: the case has ended, ``change`` refuses, or the effect is no longer the one that was tried.
    """
    try:
        with desk.store.write() as tx:
            effect = _apply_change(desk, tx, actor, case_id, request, change)
            if request.dry:
                raise _Tried(effect)
            if request.tried is not None:
                require_tried(request.tried, effect)
            if request.also:
                request.also(tx, effect)
            return effect
    except _Tried as tried:
        return tried.effect


def _apply_change(
    desk: Desk, tx: Transaction, actor: Actor, case_id: int, request: InterventionAsked, change: Callable[[Step], Done]
) -> Effect:
    step = open_step(desk, tx, case_id, actor)
    require_administrator(actor, step.case.jurisdiction)
    require_may_handle(tx, actor, step.case)
    reason = require_reason(request.reason)
    require_not_done(step, request.tried or "")
    if step.case.status == "ended":
        raise Conflict(Text(f"“{step.case.title}”已经结束，不能再干预。", f"“{step.case.title}” has ended."))
    version, before, letters = (
        step.case.version,
        read_case_standing(step),
        {row.id for row in tx.mail.select(case_id=case_id)},
    )
    done = change(step)
    step.author = actor
    _tell_concerned(step, done, request)
    informed = len({row.person_id or row.address for row in tx.mail.select(case_id=case_id) if row.id not in letters})
    informed_sentence = f"已告知{informed}人。" if informed else ""
    data = {"reason": reason, "public": request.public, **({"tried": request.tried} if request.tried else {})}
    describe_current_act(f"{step.case.title}：{done.text.zh}", place=step.case.jurisdiction, reason=reason)
    step.audit(INTERVENED, f"{actor.name}：{done.text.zh}{informed_sentence}", done.element, data)
    _settle_incidents(step)
    save_step(step, done.cause)
    after = read_case_standing(step)
    fresh = [row for row in tx.mail.select(case_id=case_id) if row.id not in letters]
    names = tx.people.named({row.person_id for row in fresh if row.person_id is not None})
    messages = tuple(Told(names.get(row.person_id or 0, row.address or ""), row.subject) for row in fresh)
    changes = (*compared(before, after), *done.follows)
    effect = Effect(case_id, step.case.title, request.dry, changes, messages, informed)
    return replace(effect, tried=mark_of(request.wish, version, effect))


def require_reason(reason: str) -> str:
    """Return the reason without blanks around it; raises Invalid where there is none or it is too long."""
    reason_text = reason.strip()
    if not reason_text:
        raise Invalid(
            Text(
                "请写明原因，原因会记入办件记录，并告知办公室。",
                "Say why; the reason goes on record and is told to the office.",
            ),
            field="reason",
        )
    if len(reason_text) > LONGEST_REASON:
        raise Invalid(
            Text(f"原因请控制在{LONGEST_REASON}字以内。", f"The reason may have {LONGEST_REASON} characters at most."),
            field="reason",
        )
    return reason_text


def require_administrator(actor: Actor, jurisdiction: str) -> None:
    """Raise NotAllowed unless the actor administers the jurisdiction."""
    if not actor.administers(jurisdiction):
        raise NotAllowed(
            Text("对办件的干预由本辖区管理员办理。", "Only an administrator of the jurisdiction may intervene.")
        )


def list_concerned_people(step: Step) -> tuple[PersonRow, ...]:
    """Return who has a task of the case now, and the people of the organisation it is about."""
    people_by_id: dict[int, PersonRow] = {}
    for task in step.tx.tasks.open_of_case(step.case.id):
        for person in list_responsible_people(step.tx, step.package, step.case, task, step.now):
            people_by_id[person.id] = person
    if step.case.subject_id is not None:
        for person in step.tx.people.people_of(step.case.subject_id, step.now):
            people_by_id[person.id] = person
    return tuple(people_by_id.values())


def _tell_concerned(step: Step, done: Done, request: InterventionAsked) -> None:
    """Tell the office of every intervention, and those whom it concerns; the latter without an internal reason."""
    office = step.tx.deputies.reached(step.case.jurisdiction, office_role(step.package), None, step.now)
    inside = {p.id: p for p in office if p.id not in done.reached}
    others = {p.id: p for p in (() if done.already_notified else done.tell) if p.id not in inside}
    for people, reason in (({} if request.among else inside, request.reason.strip()), (others, request.told)):
        zh = f"原因：{reason}（{step.actor.name}）" if reason else f"办理人：{step.actor.name}"
        en = f"Why: {reason} ({step.actor.name})" if reason else f"Done by: {step.actor.name}"
        text = Text(
            f"“{step.case.title}”：{done.text.zh}\n{zh}\n如有异议，请联系管理员；办理记录中可以查看经过。",
            f"“{step.case.title}”: {done.text.en}\n{en}\nIf you object, ask the administrator; the history of the case tells all.",
        )
        subject = Text(f"管理员干预：{step.case.title}", f"An administrator intervened: {step.case.title}")
        text = add_page_link(text, f"/cases/{step.case.id}")
        queue_to(step, people.values(), f"intervened:{step.case.version}", subject, text)
