"""A person's own place: what waits for them, how their cases stand, the picture of the round, what comes next."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import islice

from service.casework.access.actor import BUILT_IN, DESIGNER, Actor
from service.casework.access.case_access import BALLOT, is_free, may_see_task, seat_for
from service.casework.access.guards import guarded
from service.casework.access.secrets import INSIDE
from service.casework.desk.desk import Desk
from service.casework.public.registrations import waiting_registrations
from service.casework.queries.ballots.own_ballots import OwnBallot, collect_actor_ballots
from service.casework.queries.cases.list_cases import CaseLine, line_of, list_applicant_lines, newest_of, views_of
from service.casework.queries.cases.notes import seen_notes
from service.casework.queries.cases.start_options import StartOption, list_open_rounds, paper_option
from service.casework.queries.limits import NO_LIMIT, TimeLimit, state_in, time_limit
from service.casework.queries.own_place.next_up import (
    ROUNDS,
    Coming,
    RoundUnderWay,
    called_to,
    sittings_ahead,
    under_way,
)
from service.casework.queries.own_place.next_up import list_coming_limits as coming_of
from service.casework.queries.own_place.signs import SignLine, list_sign_requests
from service.casework.queries.people.experts import DeclaredTie, news_of_ties
from service.casework.queries.people.ratings import waiting_ratings
from service.casework.queries.rounds.round_board import BoardColumn, board_of
from service.casework.queries.tasks.done_tasks import DoneTask, collect_missed, done_filter, done_line
from service.casework.queries.tasks.task_list import (
    TaskLine,
    TaskQuery,
    lines_of,
    list_tasks,
    look_ahead,
    period_ends,
    task_filter,
    task_names,
)
from service.casework.reading.home_place import home_place, only_applies
from service.casework.reading.notes import NoteView
from service.casework.reading.published import Published, published, select_round_places
from service.casework.reading.ratings import may_rate_case
from service.casework.reading.stages import waits_for
from service.casework.review.register_of_experts import Invitation, waiting_invitations
from service.catalog.applications import is_application
from service.catalog.stages import round_kind
from service.domain.calendar import local_date
from service.domain.errors import NotFound
from service.domain.text import Text
from service.store import NEVER, CaseFilter, Transaction
from service.store.models import CaseRow, SittingRow, TaskRow

LOOKED_AT = 40
"""So many of the newest cases are looked at for what is due first."""


@dataclass(frozen=True, slots=True)
class BegunCase:
    """A running case that the reader began: ``what`` is to be done, with ``who`` (None: it waits for time or others)."""

    id: int
    title: str
    process_name: Text
    what: str
    who: Text | None
    limit: TimeLimit


def begun_cases(
    desk: Desk, tx: Transaction, actor: Actor, publications: Published, limit: int
) -> tuple[BegunCase, ...]:
    """Return the running cases that ``actor`` began and may look at and that wait for others, by what is due in them first."""
    if actor.person_id is None:
        return ()
    chosen = CaseFilter(live=True, recused=sorted(actor.recused), started_by=actor.person_id)
    rows = newest_of(tx, views_of(tx, actor, publications, "", chosen), None, LOOKED_AT)
    if not rows:
        return ()
    waiting: dict[int, list[TaskRow]] = defaultdict(list)
    for task in tx.tasks.select("case_id id", case_id=[row.id for row in rows]):
        if task.state == "open" and task.kind != BALLOT and may_see_task(actor, task):
            waiting[task.case_id].append(task)
    own = {
        task.case_id for tasks in waiting.values() for task in tasks if is_free(actor, task) and seat_for(actor, task)
    }
    case_lines = [_begun_line(desk, tx, publications, row, waiting[row.id]) for row in rows if row.id not in own]
    return tuple(sorted(case_lines, key=_rank_urgency)[:limit])


def _list_handed_out(desk: Desk, tx: Transaction, actor: Actor, publications: Published) -> tuple[BegunCase, ...]:
    """Return what other bodies are to answer by a day, beside the applications, which the board shows; most urgent first."""
    ahead = look_ahead(publications, desk, actor)
    chosen = replace(task_filter(actor, publications, TaskQuery("others"), ahead), due_before=NEVER)
    waiting: dict[int, list[TaskRow]] = defaultdict(list)
    for task in tx.tasks.foremost(chosen, period_ends(ahead)[2], LOOKED_AT):
        waiting[task.case_id].append(task)
    cases = tx.cases.select(id=[*waiting]) if waiting else ()
    beside = [row for row in cases if not _is_application(desk, tx, row)]
    lines = [_begun_line(desk, tx, publications, row, waiting[row.id]) for row in beside]
    return tuple(sorted(lines, key=_rank_urgency)[:CASES])


def _is_application(desk: Desk, tx: Transaction, row: CaseRow) -> bool:
    package = desk.packages.get(row.definition, tx)
    return is_application(package, package.process(row.process))


def _begun_line(
    desk: Desk, tx: Transaction, publications: Published, row: CaseRow, tasks: Sequence[TaskRow]
) -> BegunCase:
    package = desk.packages.get(row.definition, tx)
    first = min(tasks, key=lambda task: (task.due_at, task.id), default=None)
    limit = NO_LIMIT
    if first is not None:
        calendar = publications.calendar(desk, row.jurisdiction)
        limit = time_limit(calendar, first.due_at, first.due_reason, desk.clock.now(), state_in(row.status))
    what = task_names(publications, first)[0] if first is not None else ""
    return BegunCase(row.id, row.title, package.process(row.process).text, what, waits_for(package, tasks), limit)


def _rank_urgency(case_line: BegunCase) -> tuple[bool, int, int]:
    day = case_line.limit.last_day
    return day is None, day.toordinal() if day is not None else 0, case_line.id


def _list_done(
    desk: Desk, tx: Transaction, actor: Actor, publications: Published
) -> tuple[tuple[DoneTask, BegunCase], ...]:
    """Return what the reader's government has done within two weeks in cases that go on, each with what its case waits for now."""
    if not any(seat.body_kind == "government" for seat in actor.seats):
        return ()
    since = desk.clock.now() - _FORTNIGHT
    done = [
        row for row in tx.tasks.done(done_filter(actor, ""), None, CASES) if (row.done_at or row.created_at) > since
    ]
    cases = {row.id: row for row in tx.cases.select(id=[task.case_id for task in done])}
    return tuple(
        (
            done_line(publications, task),
            _begun_line(desk, tx, publications, cases[task.case_id], tx.tasks.open_of_case(task.case_id)),
        )
        for task in done
        if cases[task.case_id].status != "ended"
    )


TASKS, CASES = 8, 6
"""So many of each stand on the page; the lists have the others."""
_FORTNIGHT = timedelta(days=14)
"""So long what a person began stands on their page after it has ended."""
_YEAR = timedelta(days=365)
"""So long a case that has ended is where an applicant is led."""


@dataclass(frozen=True, slots=True)
class Due:
    """How many tasks wait for a person: held by them, and unclaimed in their bodies; of both late, due today, soon (today's too).

    ``signs``: how many signatures they are asked for beside; ``late_elsewhere``: to an office, what is late with other
    bodies of its places; ``signed_first``: of those held, what waits for the signatures of others.
    """

    held: int = 0
    unclaimed: int = 0
    late: int = 0
    today: int = 0
    soon: int = 0
    signs: int = 0
    late_elsewhere: int = 0
    signed_first: int = 0

    @property
    def all(self) -> int:
        """Return how many there are: none is both held and unclaimed."""
        return self.held + self.unclaimed

    @property
    def ready(self) -> int:
        """Return how many of those held can be gone on with now."""
        return self.held - self.signed_first


@dataclass(frozen=True, slots=True)
class RoundPicture:
    """A running round: its columns as the board has them, how many applied, and whether anything is scored.

    ``paper`` is how the reader enters an application on paper while the window is open.
    """

    id: int
    title: str
    columns: tuple[BoardColumn, ...]
    applied: int
    scored: bool
    paper: StartOption | None


@dataclass(frozen=True, slots=True)
class Home:
    """``tasks`` are those that the reader holds, or whom they stand in for, and can go on with, ``unclaimed`` those of their bodies; most urgent first.

    ``signed_first``: what they hold and others sign first.

    ``cases`` are those in which the reader's organisation takes part, running ones and then those that ended within a
    year; ``applicant`` says whether that is all they do.
    ``ballots`` are the newest on whose roll the reader is.
    ``ratings``: how many bad ratings wait for the office's answer, and the last day of the first. ``under_way``: the
    rounds of their places, for those to whom their cards are not shown. ``called``: sittings they are called to, of an office those of its places.
    ``registrations``: how many organisations wait for the reader to verify them. ``to_rate``:
    cases of an applicant's organisation that ended within a year and were not rated. ``begun``: what the reader began
    and what waits for others, told where nothing waits for the reader, and always to who supervises; ``begun_over``: what they began and what came of it
    within two weeks, unless tasks fill the page. ``place``: where an applicant's
    organisation registered; ``to_sign``: what the reader is asked to sign; ``invited``: registers of experts that ask
    for the reader, told where nothing waits for them; ``open_rounds``: how an applicant's organisation applies at its place
    where it may now; ``ties`` are those that a reviewer declared, and what was decided;
    ``to_read``: instructions and copies for the reader that they have not read, each with the title of its case.
    ``missed``: what the time limit of the reader's authority or department ended within two weeks, with its last day.
    ``done``: of a government for whom nothing waits, what it has done, and what became of it. ``handed_out``: to an
    office, what other bodies are to answer by a day.
    """

    tasks: tuple[TaskLine, ...]
    unclaimed: tuple[TaskLine, ...]
    due: Due
    cases: tuple[CaseLine, ...]
    rounds: tuple[RoundPicture, ...]
    coming: tuple[Coming, ...]
    applicant: bool
    ratings: tuple[int, date | None] = (0, None)
    under_way: tuple[RoundUnderWay, ...] = ()
    ballots: tuple[OwnBallot, ...] = ()
    called: tuple[SittingRow, ...] = ()
    registrations: int = 0
    to_rate: tuple[CaseLine, ...] = ()
    begun: tuple[BegunCase, ...] = ()
    place: str = ""
    to_sign: tuple[SignLine, ...] = ()
    invited: tuple[Invitation, ...] = ()
    ties: tuple[DeclaredTie, ...] = ()
    to_read: tuple[tuple[NoteView, str], ...] = ()
    begun_over: tuple[CaseLine, ...] = ()
    done: tuple[tuple[DoneTask, BegunCase], ...] = ()
    open_rounds: tuple[StartOption, ...] = ()
    handed_out: tuple[BegunCase, ...] = ()
    missed: tuple[tuple[DoneTask, date | None], ...] = ()
    signed_first: tuple[TaskLine, ...] = ()


@guarded("task.list")
def get_work_address(desk: Desk, actor: Actor) -> str:
    """Return the address at which a signed-in person's work is.

    Who draws procedures only: the studio. Who administers only: the monitor, the people or the book of acts. An applicant with one running case: that
    case; without any, the newest that ended within a year. Who holds nothing but a vote in one ballot: that ballot.
    A member who is called to a sitting today and for whom nothing else waits: that sitting. Everybody else: their own page.
    """
    if actor.seats and all(seat.role == DESIGNER for seat in actor.seats):
        return "/studio"
    if actor.seats and all(seat.role in BUILT_IN for seat in actor.seats):
        if any(seat.administers for seat in actor.seats):
            return "/monitor"
        return "/people" if any(seat.secures for seat in actor.seats) else "/book"
    if only_applies(actor):
        with desk.store.read() as tx:
            cases = _list_readers_cases(tx, actor, published(desk, tx), 2) or _list_ended_cases(
                desk, tx, actor, published(desk, tx), 1
            )
        return f"/cases/{cases[0].id}" if len(cases) == 1 else "/home"
    page = list_tasks(desk, actor, TaskQuery("mine"))
    if len(page.lines) == 1 and "ballot" in (page.lines[0].note or {}):
        return f"/ballots/{(page.lines[0].note or {})['ballot']}"
    if not page.counts.to_do:
        with desk.store.read() as tx:
            now = desk.clock.now()
            today = [row for row in called_to(tx, actor, now) if local_date(row.starts_at) == local_date(now)]
            if today and not any(tx.signs.waiting(actor.person_id or 0, actor.recused)):
                return f"/sittings/{today[0].id}"
    return "/home"


@guarded("task.list")
def view_home(desk: Desk, actor: Actor, language: str = "zh") -> Home:
    """Return a person's own place."""
    applicant = only_applies(actor)
    with desk.store.read() as tx:
        publications = published(desk, tx)
        due, tasks, signed_first, unclaimed, notes = _list_waiting_tasks(desk, tx, actor, publications, language)
        many = len(tasks) + len(unclaimed) >= TASKS
        cases, to_rate = _of_applicant(desk, tx, actor, publications) if applicant else ((), ())
        rounds = () if applicant else tuple(_list_rounds(desk, tx, actor, publications))
        coming = tuple(coming_of(desk, tx, actor, publications)) if not many else ()
        offices = [place for place in publications.jurisdictions() if actor.in_office(place)]
        ratings = waiting_ratings(tx, offices) if offices else (0, None)
        rounds_now = () if applicant else tuple(under_way(desk, tx, actor, publications))
        called = () if applicant else tuple(sittings_ahead(tx, actor, desk.clock.now()))
        registrations = waiting_registrations(tx, actor)
        ballots = () if applicant or many else tuple(collect_actor_ballots(tx, actor, publications, limit=ROUNDS))
        watches = any(seat.body_kind == "supervisor" for seat in actor.seats)
        handed_out = _list_handed_out(desk, tx, actor, publications) if offices else ()
        begun = begun_cases(desk, tx, actor, publications, CASES) if watches or not (applicant or due.all) else ()
        begun = tuple(case for case in begun if case.id not in {handed.id for handed in handed_out})
        place = home_place(tx, actor, publications)
        open_rounds = tuple(list_open_rounds(desk, tx, actor, publications.of(place))) if place else ()
        to_sign = list_sign_requests(desk, tx, actor, TASKS) if due.signs else ()
        invited = () if applicant or offices or due.all else tuple(waiting_invitations(desk, tx, actor))
        ties = () if applicant or offices else tuple(news_of_ties(tx, actor, desk.clock.now()))
        begun_over = () if applicant or many else _begun_over(desk, tx, actor, publications)
        done = () if due.all else _list_done(desk, tx, actor, publications)
        missed = () if applicant else collect_missed(tx, actor, publications, desk.clock.now() - _FORTNIGHT)
        to_read = (
            seen_notes(
                tx,
                actor,
                tx.case_notes.select("-id", limit=TASKS, to_id=actor.person_id or 0, read_at=None, removed_at=None),
            )
            if notes
            else ()
        )
    others = (ratings, rounds_now, ballots, called, registrations, to_rate, begun, place)
    requests = (to_sign, invited, ties, to_read, begun_over, done, open_rounds, handed_out)
    return Home(
        tasks,
        unclaimed,
        due,
        cases,
        rounds,
        coming,
        applicant,
        *others,
        *requests,
        missed=missed,
        signed_first=signed_first,
    )


def _of_applicant(
    desk: Desk, tx: Transaction, actor: Actor, publications: Published
) -> tuple[tuple[CaseLine, ...], tuple[CaseLine, ...]]:
    """Return the running cases of the reader's organisation with those that ended within a year, and those that may be rated."""
    over = _list_ended_cases(desk, tx, actor, publications, CASES)
    rated = tx.ratings.pick("case_id", case_id=[row.id for row in over]) if over else set()
    open_to = [row for row in over if row.id not in rated and may_rate_case(actor, row)]
    cases = [*_list_readers_cases(tx, actor, publications, CASES), *over][:CASES]
    return tuple(list_applicant_lines(desk, tx, cases)), tuple(list_applicant_lines(desk, tx, open_to))


def _list_waiting_tasks(
    desk: Desk, tx: Transaction, actor: Actor, publications: Published, language: str
) -> tuple[Due, tuple[TaskLine, ...], tuple[TaskLine, ...], tuple[TaskLine, ...], int]:
    """Return how many tasks wait for the reader, the first of those held: ready ones, signed first; and of those nobody holds.

    The last is how many notes wait to be read.
    """
    ahead = look_ahead(publications, desk, actor)
    claimed, unclaimed = (task_filter(actor, publications, TaskQuery(scope), ahead) for scope in ("mine", "unclaimed"))
    periods = [
        task_filter(actor, publications, TaskQuery("to_do", due=due), ahead) for due in ("late", "today", "soon")
    ]
    offices = any(actor.in_office(place) for place in publications.jurisdictions())
    elsewhere = [task_filter(actor, publications, TaskQuery("others", due="late"), ahead)] if offices else []
    _, today_ends, soon_ends, _ = period_ends(ahead)
    blocked = replace(claimed, signed_first=today_ends)
    counts, signs, notes = tx.tasks.count_with_signs_and_notes(
        [claimed, unclaimed, *periods, blocked, *elsewhere], actor.person_id or 0, actor.recused
    )
    held, free, late, today, soon, signed = counts[:6]
    due = Due(held, free, late, today, soon, signs, sum(counts[6:]), signed)
    mine = tx.tasks.foremost(replace(claimed, ready=today_ends), soon_ends, TASKS) if due.ready else []
    awaiting = tx.tasks.foremost(blocked, soon_ends, TASKS) if due.signed_first else []
    others = tx.tasks.foremost(unclaimed, soon_ends, TASKS) if due.unclaimed else []
    lines = iter(lines_of(desk, tx, actor, publications, [*mine, *awaiting, *others], language))
    ready, waiting, free_lines = (tuple(islice(lines, len(rows))) for rows in (mine, awaiting, others))
    return due, ready, waiting, free_lines, notes


def _list_readers_cases(tx: Transaction, actor: Actor, publications: Published, limit: int) -> Sequence[CaseRow]:
    views = views_of(tx, actor, publications, "", CaseFilter(live=True, recused=sorted(actor.recused)))
    return newest_of(tx, views, None, limit)


def _list_ended_cases(
    desk: Desk, tx: Transaction, actor: Actor, publications: Published, limit: int
) -> Sequence[CaseRow]:
    """Return the newest cases of the reader's organisation that ended within a year."""
    ended = CaseFilter(ended=True, ended_since=desk.clock.now() - _YEAR, recused=sorted(actor.recused))
    return newest_of(tx, views_of(tx, actor, publications, "", ended), None, limit)


def _begun_over(desk: Desk, tx: Transaction, actor: Actor, publications: Published) -> tuple[CaseLine, ...]:
    """Return the newest cases that the reader, who works in a body that handles cases, began and that ended within two weeks."""
    if actor.person_id is None or not any(seat.body_kind in INSIDE for seat in actor.seats):
        return ()
    since, recused = desk.clock.now() - _FORTNIGHT, sorted(actor.recused)
    over = CaseFilter(ended=True, ended_since=since, recused=recused, started_by=actor.person_id)
    return tuple(
        line_of(desk, tx, row) for row in newest_of(tx, views_of(tx, actor, publications, "", over), None, CASES)
    )


def _list_rounds(desk: Desk, tx: Transaction, actor: Actor, publications: Published) -> Sequence[RoundPicture]:
    """Return the running rounds of the one place that somebody oversees or leads; who oversees several has the monitor."""
    places = select_round_places(actor, publications)
    if len(places) != 1:
        return []
    pictures = []
    for package in publications.of(places[0]):
        running = CaseFilter(places, round_kind(package.award.processes), live=True, award=package.award.id)
        for row in tx.cases.search(running, None, ROUNDS):
            try:
                board = board_of(desk, tx, actor, row, desk.packages.get(row.definition, tx), each=0)
            except NotFound:  # nobody applies below it
                continue
            scored = actor.oversees(row.jurisdiction) and tx.cases.is_scored(row.id)
            paper = paper_option(actor, desk.packages.get(row.definition, tx), row, local_date(desk.clock.now()))
            pictures.append(RoundPicture(row.id, row.title, board.columns, len(board.ids), scored, paper))
    return pictures[:ROUNDS]
