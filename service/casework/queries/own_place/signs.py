"""Signatures: what waits for one, what one is asked to sign, one of them with what was submitted, and whom one may ask."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from service.casework.access.actor import Actor
from service.casework.access.case_access import may_view_case, require_may_handle, seat_for
from service.casework.access.guards import guarded
from service.casework.access.secrets import INSIDE
from service.casework.desk.desk import Desk
from service.casework.desk.jsonable import to_json_value
from service.casework.queries.limits import TimeLimit, state_in, time_limit
from service.casework.reading.case_loading import open_read_only
from service.casework.reading.citations import CitedArticle, cite
from service.casework.reading.corrections import names_to_read
from service.casework.reading.published import Published, published
from service.casework.reading.signs import KINDS, SIGN_STATE_WORDS, AskView, asks_of
from service.casework.tasks.claim import get_actor_task
from service.casework.tasks.give_sign import bodies_of
from service.casework.tasks.prefill import first_values
from service.casework.tasks.signers import may_sign, signers_of
from service.catalog import Package
from service.domain.calendar import local_date
from service.domain.errors import NotAllowed
from service.domain.forms import ReadableForm
from service.domain.signatures import OPEN
from service.domain.text import Text
from service.store import SignInTask, Transaction, WaitingFor
from service.store.models import CaseRow, SignRow

MOST = 100
GIVEN = 20


@dataclass(frozen=True, slots=True)
class SignLine:
    """A signature that is asked of the reader, or was given (``at``)."""

    id: int
    task_id: int
    case_id: int
    title: str
    subject: str
    who: str
    kind: Text
    words: str
    asked_at: datetime
    limit: TimeLimit
    said: Text
    at: datetime | None


@dataclass(frozen=True, slots=True)
class SignLines:
    """What one is asked to sign, oldest first, and what one has signed, newest first."""

    asked: tuple[SignLine, ...]
    given: tuple[SignLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SignPage:
    """What one is asked to sign: ``read`` is what was submitted, None where they sign before.

    ``may_open`` is whether the reader may look at task and case; ``why_not`` says why nothing can be signed any more.
    """

    line: SignLine
    ask: AskView
    clauses: tuple[CitedArticle, ...]
    package: Package
    read: ReadableForm | None
    may_open: bool
    why_not: Text | None

    @property
    def json_values(self) -> Mapping[str, Any]:
        """What is to be signed, as JSON; empty where one signs before."""
        values: Mapping[str, Any] = to_json_value(self.read.values) if self.read else {}
        return values


@dataclass(frozen=True, slots=True)
class AskPage:
    """Whom the reader may ask to sign beside a task: number and name with body, the own body's first.

    ``asks_others`` is whether their body may ask others at all; an applicant's asks its own people alone.
    """

    task_id: int
    version: int
    title: str
    subject: str
    package: Package
    own: tuple[tuple[int, str], ...]
    others: tuple[tuple[int, str], ...]
    asks_others: bool


@guarded("task.sign")
def list_signs(desk: Desk, actor: Actor) -> SignLines:
    """Return what ``actor`` is asked to sign, and the newest of what they signed; recused cases are left out."""
    if actor.person_id is None:
        return SignLines((), ())
    with desk.store.read() as tx:
        sign_lines = list_sign_requests(desk, tx, actor, MOST)
        return SignLines(sign_lines, _list_lines(desk, tx, tx.signs.list_signed(actor.person_id, actor.recused, GIVEN)))


def list_sign_requests(desk: Desk, tx: Transaction, actor: Actor, most: int) -> tuple[SignLine, ...]:
    """Return what ``actor`` is asked to sign, oldest first; recused cases are left out."""
    waiting = tx.signs.list_to_sign(actor.person_id, actor.recused, most) if actor.person_id is not None else []
    return _list_lines(desk, tx, waiting) if waiting else ()


@guarded("task.sign")
def view_sign(desk: Desk, actor: Actor, sign_id: int) -> SignPage:
    """Return one that ``actor`` is asked for; raises NotFound, NotAllowed for others and who was recused since."""
    with desk.store.read() as tx:
        sign = tx.signs.get(sign_id)
        if sign.person_id != actor.person_id:
            raise NotAllowed(Text("这一项请的是他人会签。", "Somebody else is asked to sign this."))
        case, ask = tx.cases.get(sign.case_id), tx.sign_asks.get(sign.ask_id)
        require_may_handle(tx, actor, case)
        task = tx.tasks.get(ask.task_id)
        if not may_sign(tx, actor, bodies_of(desk, tx, ask, task), case):
            raise NotAllowed(
                Text(
                    "您目前的角色看不到这个办件，不能再会签，请告知请您会签的人。",
                    "Your present role may not look at this case any more: tell who asked you.",
                )
            )
        package = desk.packages.get(case.definition, tx)
        form = desk.packages.form(package, task.form) if task.form and ask.data is not None else None
        settings = names_to_read(desk, package, form, case.parameters) if form else {}
        if task.state == "open":
            settings |= first_values(open_read_only(desk, tx, case, actor), task)
        elif form and (submitted := tx.forms.find("-id", task_id=task.id)):
            form = form.with_chosen(submitted.choices)
        read = ReadableForm(form, ask.data or {}, local_date(desk.clock.now()), settings) if form else None
        (line,) = _list_lines(desk, tx, [SignInTask(sign, ask, task, case.status)])
        open_ask = next(task_ask for task_ask in asks_of(tx, task) if task_ask.id == ask.id)
        return SignPage(
            line=line,
            ask=open_ask,
            clauses=cite(package, task.clauses),
            package=package,
            read=read,
            may_open=may_view_case(actor, case, tx),
            why_not=_why_not(sign, case, running=task.state == "open" and open_ask.running),
        )


@guarded("task.ask_sign")
def whom_to_ask(desk: Desk, actor: Actor, task_id: int) -> AskPage:
    """Return whom ``actor`` may ask to sign beside task ``task_id``; raises NotFound, NotAllowed, Conflict."""
    now = desk.clock.now()
    with desk.store.read() as tx:
        task, case = get_actor_task(tx, actor, task_id, None)
        signers = signers_of(tx, actor, task, case, now)
        package = desk.packages.get(case.definition, tx)
    mine = actor.body_ids
    colleagues = tuple((signer.person_id, signer.name) for signer in signers if signer.body_id in mine)
    others = tuple(
        (signer.person_id, f"{signer.name}（{signer.body}）") for signer in signers if signer.body_id not in mine
    )
    seat = seat_for(actor, task)
    asks_others = seat is not None and seat.body_kind in INSIDE
    return AskPage(task.id, task.version, task.title, task.subject, package, colleagues, others, asks_others)


def _list_lines(desk: Desk, tx: Transaction, signs: Sequence[SignInTask]) -> tuple[SignLine, ...]:
    publications = published(desk, tx)
    names = tx.people.named({sign_task.ask.sent_by or sign_task.ask.person_id for sign_task in signs})
    return tuple(_build_line(desk, publications, names, sign_task) for sign_task in signs)


def _build_line(desk: Desk, publications: Published, names: Mapping[int, str], sign_task: SignInTask) -> SignLine:
    sign, ask, task = sign_task.sign, sign_task.ask, sign_task.task
    state = "done" if task.state != "open" else state_in(sign_task.status)
    calendar = publications.calendar(desk, task.jurisdiction)
    return SignLine(
        id=sign.id,
        task_id=task.id,
        case_id=sign.case_id,
        title=task.title,
        subject=task.subject,
        who=names.get(ask.sent_by or ask.person_id, ""),
        kind=KINDS[ask.kind],
        words=ask.words,
        asked_at=ask.sent_at or ask.at,
        limit=time_limit(calendar, task.due_at, task.due_reason, desk.clock.now(), state),
        said=SIGN_STATE_WORDS[sign.state],
        at=sign.at,
    )


def _why_not(sign: SignRow, case: CaseRow, *, running: bool) -> Text | None:
    if sign.at is not None:
        return Text(
            f"您已会签：{SIGN_STATE_WORDS[sign.state].zh}。", f"You have signed: {SIGN_STATE_WORDS[sign.state].en}."
        )
    if sign.state != OPEN or not running:
        return Text(
            "这项会签已撤回、已有结果，或者待办已经办结，您不用再签。",
            "This request was withdrawn or is settled, or the task is over: you need not sign.",
        )
    if case.status == "suspended":
        return Text(
            "办件已由管理员暂停，恢复之前不能会签。",
            "The case is suspended by an administrator; nothing can be signed.",
        )
    return None


@guarded("task.list")
def waiting_for(desk: Desk, actor: Actor) -> WaitingFor:
    """Return it in one statement, cases of organisations apart from which the actor is recused."""
    if actor.person_id is None:
        return WaitingFor(0, 0)
    with desk.store.read() as tx:
        return tx.signs.waiting(actor.person_id, actor.recused)
