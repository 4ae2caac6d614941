"""A committee's sitting as one page, the list of a case, and its minutes (会议纪要) as a document."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from service.casework.access.actor import BUILT_IN, Actor
from service.casework.access.case_access import is_recused, may_view_case, require_case
from service.casework.access.guards import guarded
from service.casework.ballots.box import OPEN, Box
from service.casework.ballots.hall import Tellers
from service.casework.ballots.view_ballot import (
    list_files_to_vote_on,
    may_see_ballot,
    name_ballots,
    name_state,
    require_sight,
)
from service.casework.desk.desk import Desk
from service.casework.queries.downloads.files import DOCX, Download
from service.casework.review.sitting_ballots import is_uncounted, of_sitting
from service.casework.review.sittings import (
    CALLED,
    CANCELLED,
    CLOSED,
    EARLY,
    EXCUSED,
    MOST_OFFERED,
    PRESENT,
    is_member,
    is_past,
    is_recused_in_ballots,
    is_recused_in_round,
    not_recused,
    require_office,
)
from service.catalog import Package
from service.domain.calendar import CHINA, local_date
from service.domain.errors import NotAllowed
from service.domain.text import Text
from service.office.word import render_docx
from service.store import Transaction
from service.store.models import BallotRow, SittingMemberRow, SittingRow
from service.store.queries.review import Paper


@dataclass(frozen=True, slots=True)
class SittingBallot:
    """A ballot of the case, in the order in which they were opened; ``opens`` when the reader may open it, ``teller`` when they enter papers.

    ``running``: it is not counted yet. ``found`` is what was counted, candidate by candidate, as the minutes say it: nothing before the count.
    """

    id: int
    title: str
    state: Text
    cast: int
    issued: int
    opens: bool
    running: bool
    teller: bool
    found: tuple[str, ...] = ()
    files: tuple[tuple[str, str], ...] = ()
    """Whose files the reader may open now, with experts' reports and scores: names and addresses."""


@dataclass(frozen=True, slots=True)
class SittingRecusal:
    """A member who takes no part in what concerns a candidate; ``reason`` for the office alone."""

    name: str
    candidate: str
    reason: str


@dataclass(frozen=True, slots=True)
class SittingView:
    """A sitting; ``mine`` is the reader's own place on its list, ``records`` when they are of the office.

    ``papers`` are the documents laid before it, ``others`` those of its case that the reader may open without that, and
    ``offered`` those that the office may lay before it while it runs; none of what the reader is recused from; ``withheld`` is how
    many laid papers a recusal keeps from them.
    ``opens_at``: from when members may sign in, None once they may. ``past``: its day is over and it is not closed.
    ``voted_unsigned`` is, for the office, how many on the list voted without having signed in; never who.
    ``left`` are the row numbers of those on the list who hold the role that was called no more, or did not when it closed.
    """

    row: SittingRow
    case_title: str
    package: Package
    members: tuple[SittingMemberRow, ...]
    mine: SittingMemberRow | None
    papers: tuple[Paper, ...]
    recusals: tuple[SittingRecusal, ...]
    ballots: tuple[SittingBallot, ...]
    records: bool
    watched: bool
    left: frozenset[int] = frozenset()
    others: tuple[Paper, ...] = ()
    offered: tuple[Paper, ...] = ()
    withheld: int = 0
    opens_at: datetime | None = None
    voted_unsigned: int = 0
    past: bool = False

    @property
    def running(self) -> bool:
        """Whether members may still sign in."""
        return self.row.state == CALLED

    @property
    def uncounted(self) -> tuple[SittingBallot, ...]:
        """Return the ballots that are not counted yet: who ends the sitting says that they know."""
        return tuple(ballot for ballot in self.ballots if ballot.running)

    @property
    def present(self) -> tuple[str, ...]:
        """Return the names of who signed in."""
        return tuple(member.name for member in self.members if member.state == PRESENT)


@dataclass(frozen=True, slots=True)
class SittingList:
    """The sittings about a case, the latest first; ``roles`` are those that may be called, None for who calls none.

    Of each role its id, its name, and who holds it: ids and names. ``past`` are those not closed though their day is over.
    """

    case_id: int
    title: str
    package: Package
    rows: tuple[SittingRow, ...]
    roles: tuple[tuple[str, Text, Mapping[int, str]], ...] | None
    past: frozenset[int]


@guarded("sitting.view")
def list_sittings(desk: Desk, actor: Actor, case_id: int) -> SittingList:
    """Return the sittings about a case for who oversees its place; raises NotFound, NotAllowed."""
    with desk.store.read() as tx:
        case = tx.cases.get(case_id)
        require_case(actor, case, tx)
        if not actor.oversees(case.jurisdiction):
            raise _closed_to()
        package = desk.packages.get(case.definition, tx)
        office = actor.in_office(case.jurisdiction)
        calls = office and case.status != "ended"
        roles = _list_roles(desk, tx, package, case.jurisdiction) if calls else None
        rows = tuple(tx.sittings.select(case_id=case_id))
        past = frozenset(row.id for row in rows if is_past(row, desk.clock.now()))
        return SittingList(case_id, case.title, package, rows, roles, past)


@guarded("sitting.view")
def view_sitting(desk: Desk, actor: Actor, sitting_id: int) -> SittingView:
    """Return a sitting for its members and who oversees the place; raises NotFound, NotAllowed."""
    with desk.store.read() as tx:
        return _build_view(desk, tx, actor, sitting_id)


@guarded("sitting.minutes")
def minutes_of_sitting(desk: Desk, actor: Actor, sitting_id: int) -> Download:
    """Return the draft of the minutes as .docx; raises NotFound, NotAllowed for who is not of the office."""
    with desk.store.read() as tx:
        view = _build_view(desk, tx, actor, sitting_id)
        require_office(actor, view.row.jurisdiction)
    issuer = next((b.name for b in view.package.jurisdiction.bodies if b.kind == "office"), "")
    content: dict[str, Any] = {
        "layout": "official",
        "head": issuer,
        "title": f"{view.row.title}纪要",
        "number": None,
        "addressee": "",
        "paragraphs": list(_iterate_minutes(view)),
        "signature": issuer,
        "copies": [],
        "attachments": [],
        "note": list(_iterate_draft_reasons(view)),
        "date": local_date(view.row.starts_at).isoformat(),
    }
    data = render_docx(content)
    return Download(f"{view.row.title}纪要.docx", DOCX, len(data), io.BytesIO(data))


def _build_view(desk: Desk, tx: Transaction, actor: Actor, sitting_id: int) -> SittingView:
    row = tx.sittings.get(sitting_id)
    case, members = tx.cases.get(row.case_id), tx.sitting_members.select(sitting_id=sitting_id)
    mine = next((member for member in members if member.person_id == actor.person_id and is_member(actor, row)), None)
    if is_recused(actor, case) or (mine is None and not actor.oversees(row.jurisdiction)):
        raise _closed_to()
    watched = may_view_case(actor, case, tx)
    office = actor.in_office(row.jurisdiction)
    all_papers = tx.sittings.papers(row.papers)
    papers = _open_papers(tx, actor, row, all_papers, watched=watched)
    around = tx.sittings.papers_around(case.id, MOST_OFFERED) if watched or office else []
    of_case = [paper for paper in around if paper.id not in row.papers and not is_recused(actor, paper.case)]
    case_ballots = tx.ballots.select(case_id=case.id)
    names, ballots = name_ballots(case_ballots), [ballot for ballot in case_ballots if of_sitting(row, ballot)]
    holding = tx.role_holders.of_role(row.jurisdiction, row.role, row.closed_at or desk.clock.now())
    return SittingView(
        row,
        case.title,
        desk.packages.get(case.definition, tx),
        tuple(members),
        mine,
        papers,
        tuple(recusal for ballot in ballots for recusal in _iterate_recusals(tx, ballot, told=office)),
        tuple(_build_sitting_ballot(tx, actor, ballot, names[ballot.id], desk.clock.now()) for ballot in ballots),
        office,
        watched,
        frozenset(member.person_id for member in members) - {role_holder.person_id for role_holder in holding},
        tuple(paper for paper in of_case if watched and paper.case.id == case.id),
        (*papers, *of_case) if office and row.state == CALLED else (),
        len(all_papers) - len(papers),
        row.starts_at - EARLY if desk.clock.now() < row.starts_at - EARLY else None,
        _count_voted_unsigned(tx, members, ballots) if office else 0,
        is_past(row, desk.clock.now()),
    )


def _count_voted_unsigned(tx: Transaction, members: Sequence[SittingMemberRow], ballots: Sequence[BallotRow]) -> int:
    """Return how many on the list voted, on screen or in the hall, and are not noted as present."""
    absent = {member.person_id for member in members if member.state != PRESENT}
    rolls = (tx.rolls.select(ballot_id=ballot.id) for ballot in ballots) if absent else ()
    return len(absent & {line.person_id for roll in rolls for line in roll if line.state})


def _open_papers(
    tx: Transaction, actor: Actor, row: SittingRow, all_papers: Sequence[Paper], *, watched: bool
) -> tuple[Paper, ...]:
    """Return the papers of a sitting that the reader may open: for their case, or for the sitting itself."""
    mine = [paper for paper in all_papers if not is_recused(actor, paper.case)]
    if not mine or actor.oversees(row.jurisdiction):
        return tuple(mine)
    in_ballots, in_round = (asks(tx, actor, row.case_id) for asks in (is_recused_in_ballots, is_recused_in_round))

    def may_open(paper: Paper) -> bool:
        of_round = paper.case.id == row.case_id
        return (of_round and watched) or not (in_ballots or (of_round and in_round))

    return tuple(filter(may_open, mine))


def _build_sitting_ballot(tx: Transaction, actor: Actor, row: BallotRow, name: str, now: datetime) -> SittingBallot:
    """Return how a ballot stands and what it came to; of one that was counted and came to nothing, that it is not valid."""
    counted = tx.ballot_results.find(ballot_id=row.id) if row.state == "counted" else None
    state, count_lines = name_state(row, now), tuple(_count_lines(row, counted.outcome)) if counted else ()
    if counted and not counted.outcome.get("valid", True):
        state = Text("已计票，表决无效（未达到会要求）", "counted, not valid: the quorum was not met")
    opens = may_see_ballot(tx, actor, row)
    teller = row.state == OPEN and Box(row).rules.secret and Tellers(tx, row, now).refusal_for(actor) is None
    files = list_files_to_vote_on(tx, actor, row) if opens else ()
    return SittingBallot(
        row.id, name, state, row.cast, row.issued, opens, is_uncounted(row), teller, count_lines, files
    )


def _count_lines(row: BallotRow, outcome: Mapping[str, Any]) -> Iterator[str]:
    """Yield what was counted, as the record of the count says it: how many, never who."""
    names = {str(candidate["id"]): str(candidate["name"]) for candidate in row.candidates}
    yield str(outcome["why"]["zh"])
    for line in outcome["lines"]:
        yield f"{names.get(line['candidate'], line['candidate'])}：{line['why']['zh']}"


def _iterate_recusals(tx: Transaction, ballot: BallotRow, *, told: bool) -> Iterator[SittingRecusal]:
    recusal_rows = tx.ballot_recusals.select(ballot_id=ballot.id)
    names = (
        {roll_row.number: roll_row.name for roll_row in tx.rolls.select(ballot_id=ballot.id)} if recusal_rows else {}
    )
    called = {str(candidate["id"]): str(candidate["name"]) for candidate in ballot.candidates}
    for recusal in recusal_rows:
        reason = recusal.reason if told else ""
        yield SittingRecusal(names.get(recusal.number, ""), called.get(recusal.candidate, recusal.candidate), reason)


def _list_roles(
    desk: Desk, tx: Transaction, package: Package, place: str
) -> tuple[tuple[str, Text, Mapping[int, str]], ...]:
    """Return the roles of committees and others that several hold there, with who does."""
    roles = []
    for key, role in package.jurisdiction.roles.items():
        people = (
            {}
            if role.subject or key in BUILT_IN
            else {one.person_id: one.name for one in tx.role_holders.of_role(place, key, desk.clock.now())}
        )
        if len(people) > 1:
            roles.append((key, role.text, people))
    return tuple(sorted(roles, key=lambda role_entry: -len(role_entry[2])))


def _iterate_draft_reasons(view: SittingView) -> Iterator[str]:
    """Yield why the minutes are a draft still."""
    if view.row.state != CLOSED:
        yield "草稿，会议尚未结束"
    if any(ballot.running for ballot in view.ballots):
        yield "草稿，表决尚未结束"


def _iterate_minutes(view: SittingView) -> Iterator[str | dict[str, Any]]:
    row, at = view.row, view.row.starts_at.astimezone(CHINA)
    yield f"时间：{at.year}年{at.month}月{at.day}日{at:%H:%M}"
    yield f"地点：{row.room}"
    came, excused = list(view.present), [member.name for member in view.members if member.state == EXCUSED]
    absent = [member for member in view.members if member.state not in (PRESENT, EXCUSED)]
    missing = [member.name for member in absent if member.person_id not in view.left]
    gone = [member.name for member in absent if member.person_id in view.left]
    yield f"出席（{len(came)}人）：{'、'.join(came) or '无'}"
    if excused:
        yield f"请假（{len(excused)}人）：{'、'.join(excused)}"
    if missing:
        yield f"未签到（{len(missing)}人）：{'、'.join(missing)}"
    if gone:
        yield f"会前已不担任该角色（{len(gone)}人）：{'、'.join(gone)}"
    if view.recusals:
        yield "回避：" + "；".join(f"{recusal.name}回避{recusal.candidate}" for recusal in view.recusals)
    yield "议程："
    yield from (f"{n}. {point}" for n, point in enumerate(row.agenda, 1))
    if view.papers:
        yield "会议材料：" + "；".join(f"《{paper.title}》" for paper in view.papers)
    if view.ballots:
        yield {
            "head": ["序号", "表决事项", "应到", "已投", "状态"],
            "rows": [[str(n), b.title, str(b.issued), str(b.cast), b.state.zh] for n, b in enumerate(view.ballots, 1)],
        }
        for ballot in view.ballots:
            yield from (
                f"“{ballot.title}”{sentence}" if n == 0 else sentence for n, sentence in enumerate(ballot.found)
            )
    yield "会议情况："
    yield from ([line for line in row.words.splitlines() if line.strip()] or ["（待记录）"])


def _closed_to() -> NotAllowed:
    return NotAllowed(
        Text(
            "会议只有名单上的成员、办公室和监督机构可以打开。",
            "Only its members, the office and supervisors may open a sitting.",
        )
    )


@guarded("ballot.view")
def members_not_signed_in(desk: Desk, actor: Actor, ballot_id: int) -> frozenset[int]:
    """Return, for a teller, the numbers on the roll of those whom no sitting of the ballot has as present.

    Nobody where it is taken in no sitting. Raises NotFound, NotAllowed for who may not open the ballot.
    """
    with desk.store.read() as tx:
        ballot = tx.ballots.get(ballot_id)
        require_sight(tx, actor, ballot)
        sittings = [sitting.id for sitting in tx.sittings.select(case_id=ballot.case_id) if of_sitting(sitting, ballot)]
        called = [
            sitting_member for ident in sittings for sitting_member in tx.sitting_members.select(sitting_id=ident)
        ]
        if not called or not Tellers(tx, ballot, desk.clock.now()).may_see_roll(actor):
            return frozenset()
        present = {sitting_member.person_id for sitting_member in called if sitting_member.state == PRESENT}
        return frozenset(
            roll_row.number for roll_row in tx.rolls.select(ballot_id=ballot_id) if roll_row.person_id not in present
        )


@guarded("ballot.view")
def sittings_of_ballot(desk: Desk, actor: Actor, ballot_id: int) -> tuple[SittingRow, ...]:
    """Return the sittings in which a ballot is taken and that the reader may open, the first first.

    Who oversees the place sees those of the role that votes, and those to which they are called themselves.

    Raises NotFound, NotAllowed for who may not open the ballot.
    """
    with desk.store.read() as tx:
        ballot = tx.ballots.get(ballot_id)
        require_sight(tx, actor, ballot)
        if actor.oversees(ballot.jurisdiction):
            of_case = tx.sittings.select(case_id=ballot.case_id)
            rows = [row for row in of_case if row.role == ballot.role or is_member(actor, row)]
        else:
            called = tx.sittings.calling_about(actor.person_id or 0, [ballot.case_id])
            rows = [row for row in called if is_member(actor, row)]
        sittings = [row for row in not_recused(tx, actor, rows) if row.state != CANCELLED and of_sitting(row, ballot)]
        return tuple(sorted(sittings, key=lambda row: (row.starts_at, row.id)))
