"""The vote in the hall: two tellers of different bodies enter their tallies, and who they may be."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.ballots.box import Box, drop_keys, fresh_key, open_box, put_in, reporting_damage
from service.casework.ballots.cast_vote import notify_when_complete
from service.casework.ballots.entitlement import require_vote
from service.casework.ballots.recusals import recusals_asked
from service.casework.desk.desk import Desk
from service.casework.desk.urns import urns_of
from service.casework.step.history import append_case_event
from service.casework.step.post import add_page_link, letter_rows, put
from service.domain.ballots import MEMBERS, BadSheet, HallSheet, Handful, check_sheet, question_name
from service.domain.errors import Conflict, NotAllowed
from service.domain.text import Text
from service.store import Transaction
from service.store.models import BallotRow, PersonRow, RollRow
from service.store.queries.review import IN_HALL

SUPERVISOR = "supervisor"
"""Kind of bodies that supervise."""
INSTEAD = frozenset({"office", "government"})
"""Kinds of bodies whose people watch over a vote in a place without a supervisor."""


@dataclass(frozen=True, slots=True)
class TellerSide:
    """For whom somebody may enter papers: the bodies of the tellers' role, and those that watch over them."""

    counts: frozenset[int]
    watches: frozenset[int]

    @property
    def is_none(self) -> bool:
        """Whether they are no teller of the ballot."""
        return not self.counts and not self.watches


class Tellers:
    """The tellers of one ballot.

    A supervising body whose own members vote does not watch over their vote. Where none does, the other teller is of
    another body: of the office or the government.
    """

    def __init__(self, tx: Transaction, row: BallotRow, now: datetime) -> None:
        self._tx, self._row, self._now = tx, row, now
        bodies = tx.bodies.list_active(row.jurisdiction)
        supervising = {
            body.id
            for body in bodies
            if body.kind == SUPERVISOR and not tx.people.people_with(row.jurisdiction, row.role, body.id, now)
        }
        self.supervised = bool(supervising)
        self._others = supervising or {body.id for body in bodies if body.kind in INSTEAD}

    def of(self, actor: Actor) -> TellerSide:
        """Return for whom ``actor`` may enter papers, in person."""
        place = self._row.jurisdiction
        return self._build_side((seat.role, seat.body_id) for seat in actor.in_person.seats if seat.serves(place))

    def may_see_roll(self, actor: Actor) -> bool:
        """Return whether ``actor`` is shown who voted: who watches only once a sheet of the other side waits for theirs."""
        side = self.of(actor)
        return bool(side.counts) or bool(side.watches and self._row.sheet is not None)

    def refusal_for(self, actor: Actor) -> Text | None:
        """Return why ``actor`` may not enter a tally now: no teller, of the side whose sheet waits, or before the office."""
        side, first = self.of(actor), self._row.sheet_by if self._row.sheet is not None else None
        if side.is_none:
            return _build_refusal("您不是本次表决的计票人。", "You are none of this ballot.", self.supervised)
        if not self.may_see_roll(actor):
            return _build_refusal(
                "请等另一方的计票人先录入：在此之前，谁已投票不向监督一方显示。录入后您即可在本页录入。",
                "The other side enters first: until then who has voted is not shown to who watches. You can enter after it.",
                self.supervised,
            )
        if first in (None, actor.person_id) or not self.waits_for(first) or self.are_apart(actor, first):
            return None
        return _build_refusal(
            "您这一方的计票人已经录入，另一份须由另一方录入。",
            "Somebody of your side entered a tally already: the other one is the other side's.",
            self.supervised,
        )

    def are_apart(self, actor: Actor, first: int) -> bool:
        """Return whether ``actor`` is of another side than person ``first``."""
        return first != actor.person_id and self._is_other_side(self.of(actor), self._of_person(first))

    def list_other_side(self, first: int) -> list[PersonRow]:
        """Return who may enter the tally that is to agree with that of person ``first``."""
        place, now = self._row.jurisdiction, self._now
        people = self._tx.people.people_with(place, self._row.teller_role, None, now)
        people += [one for body in sorted(self._others) for one in self._tx.people.people_of(body, now)]
        side = self._of_person(first)
        return [one for one in people if one.id != first and self._is_other_side(self._of_person(one.id), side)]

    def waits_for(self, first: int | None) -> bool:
        """Return whether the sheet of person ``first`` still waits for its second; who is no teller any more gave none."""
        return first is not None and not self._of_person(first).is_none

    def _of_person(self, person_id: int) -> TellerSide:
        memberships = self._tx.memberships.list_valid(person_id, self._now)
        return self._build_side(
            (m.role, m.body_id) for m in memberships if m.jurisdiction in ("*", self._row.jurisdiction)
        )

    def _build_side(self, seats: Iterable[tuple[str, int]]) -> TellerSide:
        seat_list = list(seats)
        counts = frozenset(body for role, body in seat_list if role == self._row.teller_role)
        return TellerSide(counts, frozenset(body for _, body in seat_list if body in self._others))

    def _is_other_side(self, first_side: TellerSide, other: TellerSide) -> bool:
        if self.supervised:
            return bool((first_side.counts and other.watches) or (first_side.watches and other.counts))
        both = [side.counts | side.watches for side in (first_side, other)]
        return any(a != b for a in both[0] for b in both[1]) or len(self._others) < 2


def _build_refusal(zh: str, en: str, supervised: bool) -> Text:
    rule = Text(
        "在场选票由两个不同单位的计票人各自录入，其中一名是监督机构的人员。",
        "Papers of the hall are entered by two tellers of different bodies, one of them a supervisor.",
    )
    if not supervised:
        rule = Text(
            "在场选票由两个不同单位的计票人各自录入，一名是办公室的人员。",
            "Papers of the hall are entered by two tellers of different bodies, one of them of the office.",
        )
    return Text(rule.zh + zh, f"{rule.en} {en}")


class TellersDiffer(Conflict):
    """The second teller counted otherwise; nothing was counted."""

    code = "tellers_differ"


@guarded("ballot.tell")
def enter_hall_vote(desk: Desk, actor: Actor, ballot_id: int, sheet: HallSheet) -> bool:
    """Enter one teller's tally; returns True when it agrees with the other teller's and is in the box now.

    Raises:
        NotAllowed: the person is no teller of this ballot, or of the same side as the other one.
        BadSheet: the sums are wrong, or a member on it has voted or is recused.
        TellersDiffer: the two tallies differ.
    """
    with desk.store.read() as tx:
        row = tx.ballots.get(ballot_id)
    with reporting_damage(desk, row), fresh_key(desk, row) as fresh, desk.store.write() as tx:
        tx.cases.lock(row.case_id)  # first, as everywhere: what both tellers said goes into the case's history
        box = open_box(desk, tx, ballot_id)
        _require_secret(box)
        tellers = Tellers(tx, box.row, desk.clock.now())
        refusal = tellers.refusal_for(actor)
        if refusal is not None:
            raise NotAllowed(refusal)
        members = _get_members(tx, box, sheet.numbers)
        for member in members:
            require_vote(desk, tx, box.row, member)
        handful = check_sheet(sheet, sum(m.weight for m in members), box.agenda, box.rules, box.names)
        first, waiting = box.row.sheet_by, box.row.sheet
        if waiting is None or first in (None, actor.person_id) or not tellers.waits_for(first):
            _keep_first(desk, tx, actor, box.row, sheet)
            _notify_other_side(desk, tx, tellers, actor, box.row)
            drop_keys(desk, box.row.box, (fresh,))
            return False
        assert first is not None
        _require_same(urns_of(desk).compare_sheet(box.row.box, waiting, first, sheet), box)
        _put_handful(desk, tx, box, members, handful, fresh)
        _record_handful(desk, tx, actor, box, handful)
        _notify_members(desk, tx, box, members)
    return True


def _keep_first(desk: Desk, tx: Transaction, actor: Actor, row: BallotRow, sheet: HallSheet) -> None:
    sealed = urns_of(desk).keep_sheet(row.box, sheet, actor.signed_in_id)
    tx.ballots.change(row.id, sheet=sealed, sheet_by=actor.signed_in_id)
    entry = f"第一名计票人{actor.name}已录入在场选票"
    append_case_event(desk, tx, row.case_id, actor, "ballot", entry, row.element, {"ballot": row.id})


def _notify_other_side(desk: Desk, tx: Transaction, tellers: Tellers, actor: Actor, row: BallotRow) -> None:
    """Tell those who may enter the second tally that it is theirs to do, once for each handful of papers."""
    now = desk.clock.now()
    text = Text(
        f"“{row.title}”的在场选票已由{actor.name}录入。请您这一方的计票人自行清点纸质选票，再录入另一份；"
        "两份一致以后才投入票箱。",
        f"{actor.name} entered the papers of the hall of “{row.title}”. A teller of your side counts them alone and enters"
        " the other tally; they are put into the box once both agree.",
    )
    subject = Text(f"请录入在场选票：“{row.title}”", f"Enter the papers of the hall: “{row.title}”")
    people = tellers.list_other_side(actor.signed_in_id)
    key = f"case:{row.case_id}:tally:{row.id}:{row.cast}"
    rows = letter_rows(people, row.case_id, key, subject, add_page_link(text, f"/ballots/{row.id}/hall"), now)
    tx.work.enqueue_many(put(desk, tx, rows, now), now)


def _record_handful(desk: Desk, tx: Transaction, actor: Actor, box: Box, handful: Handful) -> None:
    first = tx.people.named({box.row.sheet_by}) if box.row.sheet_by is not None else {}
    names = "、".join([*first.values(), actor.name])
    entry = (
        f"计票人{names}各自清点一致，在场选票{handful.valid + handful.spoiled}张投入票箱，其中作废{handful.spoiled}张"
    )
    append_case_event(desk, tx, box.row.case_id, actor, "ballot", entry, box.row.element, {"ballot": box.row.id})


def _notify_members(desk: Desk, tx: Transaction, box: Box, members: Sequence[RollRow]) -> None:
    """Tell everybody who is marked as having voted in the hall: who was not there speaks up."""
    row, now = box.row, desk.clock.now()
    title = f"“{row.title}”：已登记您在会场投票"
    subject = Text(title, f"“{row.title}”: you are marked as having voted in the hall")
    text = Text(
        f"两个单位的计票人登记您在会场交回了“{row.title}”的纸质选票，名册上已经标记，不能再在网上投票。"
        f"如果您没有在会场投票，请立即报告监督机构。",
        f"Two tellers of different bodies recorded that you handed in a paper of “{row.title}” in the hall; you are marked"
        f" on the roll and cannot vote on screen. If you did not, report it to the supervisors at once.",
    )
    text = add_page_link(text, f"/ballots/{row.id}")
    for member in members:
        if member.person_id is not None:
            people = list(tx.people.by_id({member.person_id}).values())
        else:
            people = tx.people.people_with(row.jurisdiction, row.role, member.body_id, now)
        rows = letter_rows(people, row.case_id, f"case:{row.case_id}:hall:{row.id}:{member.number}", subject, text, now)
        tx.work.enqueue_many(put(desk, tx, rows, now), now)


def _require_secret(box: Box) -> None:
    if not box.rules.secret:
        fault = Text(
            "记名表决由成员本人在网上投票，不录入在场选票。", "In an open ballot every member votes on screen."
        )
        raise BadSheet({MEMBERS: fault})


def _get_members(tx: Transaction, box: Box, numbers: Sequence[int]) -> list[RollRow]:
    roll = {m.number: m for m in tx.rolls.select(ballot_id=box.row.id)}
    recused = {r.number for r in recusals_asked(tx, box)}
    for number in numbers:
        member = roll.get(number)
        if member is None or member.state or number in recused or numbers.count(number) > 1:
            name = member.name if member else str(number)
            fault = Text(
                f"“{name}”不能计入在场选票：不在名册上、已经投票，或有回避事项（须在网上投票，纸质票会暴露其身份）。",
                f"“{name}” cannot be counted in the hall: not on the roll, has voted, or is recused from something "
                "(and must vote on screen, for a paper with a gap shows whose it is).",
            )
            raise BadSheet({MEMBERS: fault})
    return [roll[number] for number in numbers]


def _require_same(differences: Sequence[str], box: Box) -> None:
    if not differences:
        return
    labels = {"numbers": Text("交票人员", "who handed in"), "spoiled": Text("作废票数", "spoiled papers")}
    labels |= {q.key: question_name(q, box.names) for q in box.questions}
    named = [labels[key] for key in differences if key in labels]
    raise TellersDiffer(
        Text(
            f"两名计票人的录入不一致：{'、'.join(t.zh for t in named)}。没有计入，请各自重新清点后再录入。",
            f"The two tellers differ in: {', '.join(t.en for t in named)}. Nothing was counted; count again, each alone.",
        )
    )


def _put_handful(
    desk: Desk, tx: Transaction, box: Box, members: Sequence[RollRow], handful: Handful, fresh: str
) -> None:
    marked = tx.rolls.mark(box.row.id, [m.number for m in members], IN_HALL)
    if marked != len(members):
        fault = Text("有人刚刚在网上投了票，请核对后重新录入。", "A member has just voted on screen: check again.")
        raise BadSheet({MEMBERS: fault})
    tx.ballots.finish_tasks([m.task_id for m in members if m.task_id is not None], "done")
    tx.crash("ballot-marked")
    put_in(desk, tx, box, handful, fresh, [m.number for m in members])
    tx.ballots.change(box.row.id, sheet=None, sheet_by=None)
    tx.crash("paper-in-box")
    notify_when_complete(desk, tx, box, handful.valid + handful.spoiled)
