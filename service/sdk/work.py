"""The context of an operation: its case and the protocols of the records it may change.

Every change goes into the unit of work of the running step: all of it is committed with the
step, or none of it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Protocol

from service.domain.calendar import Window
from service.sdk.ballots import Ballots
from service.sdk.register import Json, Register
from service.sdk.review import Review
from service.sdk.views import CaseView, ChildView, ElementView, Finding, Holder, Letter, NoticeDraft, PostedNotice


class Notices(Protocol):
    """Notices of this case."""

    def post(self, draft: NoticeDraft) -> PostedNotice:
        """Freeze ``draft``, compute its window from now (or ``posted_on``) and publish it."""

    def close(self, notice: int) -> PostedNotice:
        """Close a notice whose window is over; returns it with the number of objections received."""


class Documents(Protocol):
    """Documents (.docx) of this case; each is produced after the commit, once."""

    def issue(
        self,
        template: str,
        extra: Mapping[str, Json],
        recipients: Sequence[str] = (),
        *,
        filed_in: int | None = None,
    ) -> int:
        """Number the document, freeze its text and queue its production; returns its id.

        ``recipients`` are roles of the case: they get the document by mail and inbox. ``filed_in`` is the
        case above or one below when the document belongs there: roles are then those of that case.
        """


class Mailbox(Protocol):
    """Messages to people, delivered after the commit."""

    def send(self, letter: Letter) -> None:
        """Queue ``letter``; the same ``letter.key`` in one case is sent once."""


class Cases(Protocol):
    """This case, its parent and its children."""

    def set(self, facts: Mapping[str, Json]) -> None:
        """Record facts of this case (declared in award.yaml)."""

    def number(self, pattern: str) -> str:
        """Give this case its number from ``pattern`` (``{year}``, ``{sequence}``), once."""

    def sequence(self, name: str, pattern: str) -> str:
        """Return the next number of series ``name`` from ``pattern`` (``{year}``, ``{sequence}``); none is given twice."""

    def bind(self, role: str, body: str) -> None:
        """Let body ``body`` (an id of jurisdiction.yaml) hold ``role`` (or what it is bound to) in this case."""

    def holders(self, role: str) -> Sequence[Holder]:
        """Return the active people who hold ``role`` (or what it is bound to) now, for any body."""

    def put_off(self, fact: str) -> None:
        """Let the limits that count from the recorded day ``fact`` follow it, in this case and in those below."""

    def suspend(self, person: int) -> Sequence[Mapping[str, Json]]:
        """Take every role of the regulation in this jurisdiction from a person; returns them, to be given back."""

    def reinstate(self, person: int, seats: Sequence[Mapping[str, Json]]) -> None:
        """Give back roles that ``suspend`` took in this case; raises Invalid for any other."""

    def start(
        self,
        process: str,
        *,
        subject: int | None = None,
        facts: Mapping[str, Json] | None = None,
        key: str = "",
        beneath: int | None = None,
        joining: Sequence[str] = (),
        in_turn: bool = False,
        after: Mapping[str, str] | None = None,
    ) -> None:
        """Start a case of ``process`` below this one, or below case ``beneath``, after the commit, once per ``key`` (and subject).

        One begun alike that nobody has handled yet takes the facts ``joining`` instead; for one that is being handled it
        waits where it is to be ``in_turn``, and does not start once the award it is about is revoked. It then waits for
        cases of the kinds ``after`` as well, once they have the fact that is named with their kind.
        """

    def beside(self, process: str, subject: int | None) -> Sequence[ChildView]:
        """Return the cases of ``process`` about body ``subject`` that stand below one above this one, oldest first."""

    def children(self, process: str | None = None, *, of: int | None = None) -> Sequence[ChildView]:
        """Return the cases started below this one, or below case ``of``, oldest first."""

    def tell(self, cases: Sequence[int], message: str, payload: Mapping[str, Json]) -> None:
        """Send ``message`` to other cases after the commit; it is kept until caught."""

    def tell_parent(self, message: str, payload: Mapping[str, Json], *, anew: bool = False) -> None:
        """Send ``message`` to the parent case; with ``anew`` also to what its organisation began beside it once it ended."""


class Findings(Protocol):
    """Findings on the conditions of this case."""

    def examine(
        self, table: str, reference_date: date | None = None, grounds: Collection[str] = ()
    ) -> Sequence[Finding]:
        """Evaluate eligibility table ``table`` over the record scope and record every ground, or these alone."""

    def retract(self, table: str) -> None:
        """Let what was found before the last examination of ``table`` count again."""


class Work(Protocol):
    """The unit of work of one service task."""

    @property
    def now(self) -> datetime:
        """The instant of the step."""

    @property
    def today(self) -> date:
        """Its date in Asia/Shanghai."""

    @property
    def case(self) -> CaseView:
        """The case as it is now, changes of this step included."""

    @property
    def element(self) -> ElementView:
        """The diagram element being carried out."""

    @property
    def param(self) -> Mapping[str, Json]:
        """The parameters frozen for the case."""

    @property
    def notices(self) -> Notices:
        """Notices of the case."""

    @property
    def documents(self) -> Documents:
        """Documents of the case."""

    @property
    def mail(self) -> Mailbox:
        """Messages to people."""

    @property
    def cases(self) -> Cases:
        """The case, its parent and its child cases."""

    @property
    def findings(self) -> Findings:
        """Findings on the conditions of the case."""

    @property
    def register(self) -> Register:
        """Awards and sanctions on record."""

    @property
    def ballots(self) -> Ballots:
        """Ballots of the case."""

    @property
    def review(self) -> Review:
        """Panels, recusals, scores and appointments of the case."""

    def scope(self) -> Mapping[str, Json]:
        """Return the record scope of the case (see processes/README.md)."""

    def text(self, template: str, extra: Mapping[str, Json] | None = None) -> str:
        """Fill FEEL in braces in ``template`` over the record scope plus ``extra``."""

    def amount(self, expression: str, extra: Mapping[str, Json] | None = None) -> int:
        """Evaluate FEEL that gives a sum in whole yuan, 0 where a setting is not set; raises Invalid for anything else."""

    def rows(self, expression: str, extra: Mapping[str, Json] | None = None) -> list[Json]:
        """Evaluate FEEL that gives a list, an empty one where it is null; raises Invalid for anything else."""

    def selects(self, condition: str, row: Mapping[str, Json]) -> bool:
        """Return whether a condition means a row, ``row`` giving it its name; what it lacks decides, as in a filter."""

    def evaluate(self, expression: str, extra: Mapping[str, Json] | None = None) -> Json:
        """Evaluate FEEL over the record scope plus ``extra``."""

    def window(
        self,
        *,
        working_days: int | None = None,
        calendar_days: int | None = None,
        start: date | None = None,
        roll: str = "",
    ) -> Window:
        """Compute a statutory period from ``start`` (today when absent) on the case's calendar.

        ``roll`` says for this period alone what becomes of a last day that is a rest day: rest_day or none.
        """

    def named_day(self, day: date, roll: str = "") -> Window:
        """Return the window that ends with ``day``, named as a deadline: rolled from a rest day as the city, or ``roll``, says."""

    def forms(self, form: str) -> Sequence[Mapping[str, Json]]:
        """Return every submission of ``form`` in this case, oldest first."""

    def audit(self, text: str, data: Mapping[str, Json] | None = None) -> None:
        """Add a line to the case's history."""


def read_more(work: Work, child: Mapping[str, Json], formulas: Iterable[str]) -> dict[str, Json]:
    """Return a child with what formulas read beyond its own case: the register of its organisation, the cases below."""
    body, texts = child["subject"].get("id"), " ".join(formulas)
    readers: dict[str, Callable[[], list[Json]]] = {
        "earlier": lambda: [] if body is None else list(work.register.awards(int(body))),
        "sanctions": lambda: [] if body is None else list(work.register.sanctions(int(body))),
        "cases": lambda: [below.row for below in work.cases.children(of=child["id"])],
    }
    return {**child, **{name: read() for name, read in readers.items() if f"child.{name}" in texts}}
