"""A committee's sitting (会议): call it, say who came, write down what was said, close it.

Nothing of the procedure follows from a sitting: whether a committee has a quorum says the form of its step alone.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from service.casework.access.actor import BUILT_IN, Actor
from service.casework.access.case_access import is_recused, recused_people, require_case
from service.casework.access.guards import guarded
from service.casework.ballots.view_ballot import place_on_roll
from service.casework.desk.desk import Desk
from service.casework.review.appointments import cancel_booked_appointment
from service.casework.review.sitting_ballots import require_counted
from service.casework.step.cut_off import is_cut_off
from service.casework.step.history import append_case_event
from service.casework.step.post import add_page_link, letter_rows, put
from service.casework.step.step import Step
from service.domain.calendar import CHINA, local_date
from service.domain.calendar.clock import format_minute
from service.domain.errors import Conflict, Invalid, NotAllowed
from service.domain.text import Text
from service.store import CaseFilter, Transaction
from service.store.models import CaseRow, SittingMemberRow, SittingRow

CALLED, CLOSED, CANCELLED = "called", "closed", "cancelled"
PRESENT, EXCUSED = "present", "excused"
MOST_POINTS, MOST_WORDS = 40, 20_000
"""Most points of an agenda; most characters of the minutes."""
EARLY = timedelta(hours=2)
"""So long before it begins members sign in."""
_SENTENCE = re.compile(r"[。；;！!\n]")
_VOTED = re.compile("赞成|反对|弃权|投[^，。]{0,4}票")
_NUMBERED = re.compile(
    r"(?:[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十\d]{1,3}[）)]|\d{1,2}[、．.)）](?!\d))\s*(?=\S)"
)
"""A number before a point of an agenda: pages and minutes number the points themselves."""
_FAR = timedelta(days=366)


class CalledAlready(Invalid):
    """A sitting about the case, of that name or in that room, begins at the same time."""

    code = "called_already"


@guarded("sitting.call")
def call_sitting(
    desk: Desk,
    actor: Actor,
    case_id: int,
    role: str,
    title: str,
    room: str,
    starts_at: datetime,
    agenda: Sequence[str],
    *,
    beside: bool = False,
    people: Collection[int] = (),
) -> int:
    """Call the holders of ``role`` to a sitting about case ``case_id``; each gets a message. Returns its number.

    ``people`` are those of them who are called, all where nobody is named. ``beside``: it is known that another sitting
    of the case, of that name or in that room, begins at the same time.

    Raises:
        NotAllowed: the actor does not belong to the office of the place.
        Conflict: the case has ended.
        CalledAlready: there is such another, and ``beside`` does not say that this is known.
        Invalid: no title, room or agenda, a time that is over, nobody holds the role, or somebody named does not.
    """
    now = desk.clock.now()
    points = _require_sensible(title, room, agenda)
    if starts_at <= now:
        raise Invalid(Text("开会时间已过，请改为以后的时间。", "That time is over: choose a later one."))
    if starts_at > now + _FAR:
        raise Invalid(Text("开会时间超过一年，请核对年份。", "That is more than a year away: check the year."))
    with desk.store.write() as tx:
        case = tx.cases.lock(case_id)
        require_case(actor, case, tx)
        require_office(actor, case.jurisdiction)
        if case.status == "ended":
            raise Conflict(Text(f"“{case.title}”已经结束，不再开会。", f"“{case.title}” has ended."))
        if not beside:
            _require_no_other(tx, case_id, title.strip(), room.strip(), starts_at)
        role_holders = tx.role_holders.of_role(case.jurisdiction, role, now) if role not in BUILT_IN else []
        away = recused_people(tx, case)
        members = {
            holder.person_id: SittingMemberRow(
                sitting_id=0, person_id=holder.person_id, name=holder.name, body=holder.body
            )
            for holder in role_holders
            if holder.person_id not in away
        }
        if not members.keys() >= set(people):
            raise Invalid(
                Text(
                    "勾选的人有的不担任所选的角色，请核对。",
                    "Somebody who is ticked does not hold the role that is chosen.",
                )
            )
        members = {ident: member for ident, member in members.items() if not people or ident in people}
        if not members:
            raise Invalid(Text("没有人担任这个角色，请改选。", "Nobody holds that role: choose another."))
        row = SittingRow(
            jurisdiction=case.jurisdiction,
            case_id=case_id,
            role=role,
            title=title.strip(),
            room=room.strip(),
            starts_at=starts_at,
            agenda=points,
            made_at=now,
        )
        number = tx.sittings.call(row, list(members.values()))
        append_case_event(
            desk,
            tx,
            case_id,
            actor,
            "sitting",
            f"{actor.name}召集会议“{row.title}”（{format_minute(starts_at)}，{row.room}）",
        )
        subject = Text(f"会议通知：{row.title}", f"You are called to a sitting: {row.title}")
        _send_letters(desk, tx, case, f"sitting:{number}:on", list(members), subject, _write_invitation(row, number))
    return number


def _require_no_other(tx: Transaction, case_id: int, title: str, room: str, starts_at: datetime) -> None:
    for row in tx.sittings.select(case_id=case_id):
        if row.state == CALLED and row.starts_at == starts_at and (row.title == title or row.room == room):
            raise CalledAlready(
                Text(
                    f"{format_minute(starts_at)}已经召集了会议“{row.title}”（{row.room}）。确实要同时另开一次会的，请勾选后再召集。",
                    f"“{row.title}” ({row.room}) is called for {_when_en(starts_at)} already. "
                    "Tick the box if another sitting is meant to begin at that time.",
                )
            )


@guarded("sitting.attend")
def attend_sitting(
    desk: Desk, actor: Actor, sitting_id: int, person_id: int | None = None, *, excused: bool = False
) -> None:
    """Sign in to a sitting with one's own phone, or excuse oneself; the office notes the same for ``person_id``.

    Signing in again changes nothing. Members sign in from two hours before it begins until it is closed.

    Raises:
        NotAllowed: the actor is not called or holds the role no more, or notes for somebody else without being the office.
        Conflict: too early, closed or cancelled, or the member is recused from what it is about.
    """
    now, who = desk.clock.now(), person_id if person_id is not None else actor.person_id
    with desk.store.write() as tx:
        row = tx.sittings.get(sitting_id)
        case = tx.cases.get(row.case_id)
        office = who != actor.person_id
        if office:
            require_case(actor, case, tx)
            require_office(actor, row.jurisdiction)
        elif is_recused(actor, case):
            raise Conflict(Text("您对本次会议的事项已经回避，不签到。", "You are recused from this matter."))
        member = next(
            (
                member_row
                for member_row in tx.sitting_members.select(sitting_id=sitting_id)
                if member_row.person_id == who
            ),
            None,
        )
        if member is None or not (office or is_member(actor, row)):
            raise NotAllowed(Text("您不在本次会议的名单上。", "You are not called to this sitting."))
        _require_called(row)
        if not excused and now < row.starts_at - EARLY:
            raise Conflict(
                Text(
                    f"还没到签到时间，{format_minute(row.starts_at - EARLY)}起可以签到。",
                    "It is too early to sign in: it opens two hours before the sitting begins.",
                )
            )
        if not office and is_past(row, now):
            raise Conflict(
                Text(
                    "会议当日已过，不能再自行签到；当时到会的，请办公室代记。",
                    "The day of the sitting is over: the office notes who was there.",
                )
            )
        state = EXCUSED if excused else PRESENT
        if member.state != state:
            tx.sitting_members.change_where(
                {"sitting_id": sitting_id, "person_id": member.person_id}, state=state, at=now, by_office=office
            )


def is_past(row: SittingRow, now: datetime) -> bool:
    """Return whether the day of a sitting is over that nobody has closed: then the office alone notes who came."""
    return row.state == CALLED and local_date(now) > local_date(row.starts_at)


@guarded("sitting.call")
def write_minutes(desk: Desk, actor: Actor, sitting_id: int, version: int, words: str) -> None:
    """Keep what was said and decided while the sitting is not closed.

    Raises:
        NotAllowed: not the office of the place.
        Conflict: closed, cancelled, or changed by somebody else meanwhile.
    """
    if len(words) > MOST_WORDS:
        raise Invalid(Text(f"纪要最多{MOST_WORDS}个字。", f"At most {MOST_WORDS} characters."))
    with desk.store.write() as tx:
        row = sitting_of_office(tx, actor, sitting_id, version)
        _require_secret(tx, row, words)
        tx.sittings.step(sitting_id, version, words=words.strip())


@guarded("sitting.call")
def close_sitting(
    desk: Desk, actor: Actor, sitting_id: int, version: int, *, cancelled: bool = False, uncounted: bool = False
) -> None:
    """Close a sitting, or call it off and tell its members; nobody signs in afterwards.

    Raises:
        NotAllowed: not the office of the place.
        Conflict: closed or cancelled already, changed meanwhile, or not begun yet.
        Invalid: a ballot of it is not counted, and ``uncounted`` does not say that this is known.
    """
    with desk.store.write() as tx:
        row, now = sitting_of_office(tx, actor, sitting_id, version), desk.clock.now()
        if not cancelled and now < row.starts_at - EARLY:
            raise Conflict(Text("会议还没有开始，可以取消，不能结束。", "It has not begun: call it off instead."))
        if not uncounted:
            require_counted(tx, row)
        tx.sittings.step(sitting_id, version, state=CANCELLED if cancelled else CLOSED, closed_at=now)
        members = tx.sitting_members.select(sitting_id=sitting_id)
        came = sum(1 for member in members if member.state == PRESENT)
        entry_text = (
            f"取消会议“{row.title}”" if cancelled else f"结束会议“{row.title}”，签到{came}人，名单{len(members)}人"
        )
        append_case_event(desk, tx, row.case_id, actor, "sitting", f"{actor.name}{entry_text}")
        if cancelled:
            tell_called_off(desk, tx, row, [member.person_id for member in members])


def tell_called_off(
    desk: Desk, tx: Transaction, row: SittingRow, members: Sequence[int], why: Text | None = None
) -> None:
    """Tell the members of a sitting that it is called off, and ``why``."""
    zh, en = (f"，{why.zh}", f": {why.en}") if why else ("", "")
    subject = Text(f"会议取消：{row.title}", f"A sitting is called off: {row.title}")
    text = Text(
        f"原定{format_minute(row.starts_at)}的会议“{row.title}”取消{zh}。",
        f"The sitting “{row.title}” of {_when_en(row.starts_at)} is called off{en}.",
    )
    _send_letters(desk, tx, tx.cases.get(row.case_id), f"sitting:{row.id}:off", members, subject, text)


def _require_secret(tx: Transaction, row: SittingRow, words: str) -> None:
    """Raise Invalid where the minutes say how a member voted while a ballot about the case is secret."""
    if not any(ballot.rules.get("secret_ballot", True) for ballot in tx.ballots.select(case_id=row.case_id)):
        return
    names = [member.name for member in tx.sitting_members.select(sitting_id=row.id)]
    for line in _SENTENCE.split(words):
        voter_name = next((name for name in names if name in line), None) if _VOTED.search(line) else None
        if voter_name is not None:
            raise Invalid(
                Text(
                    f"纪要里写了{voter_name}怎样投票。无记名投票只写人数，不写谁投了什么票。",
                    f"The minutes say how {voter_name} voted. Of a secret ballot write how many, not who.",
                )
            )


def is_member(actor: Actor, row: SittingRow) -> bool:
    """Return whether ``actor`` holds in person, now, the role that is called to a sitting."""
    return actor.in_person.holds(row.jurisdiction, row.role) is not None


def require_office(actor: Actor, jurisdiction: str) -> None:
    """Raise NotAllowed unless ``actor`` belongs to the office of the place."""
    if not actor.in_office(jurisdiction):
        raise NotAllowed(
            Text("会议由当地办公室召集和记录。", "Sittings are called and recorded by the office of the place.")
        )


def sitting_of_office(tx: Transaction, actor: Actor, sitting_id: int, version: int) -> SittingRow:
    """Return a sitting that its office may change, as it was read.

    Raises:
        NotAllowed: not the office of the place.
        Conflict: closed, cancelled, or changed by somebody else since ``version``.
    """
    row = tx.sittings.get(sitting_id)
    case = tx.cases.get(row.case_id)
    require_case(actor, case, tx)
    require_office(actor, row.jurisdiction)
    _require_called(row)
    if row.version != version:
        raise Conflict(
            Text(
                "会议记录在您打开之后有了变化，请重新打开后再保存；您写的内容请先复制。",
                "The sitting changed since you opened it: copy what you wrote, open it again, and save then.",
            )
        )
    return row


def _require_called(row: SittingRow) -> None:
    if row.state == CLOSED:
        raise Conflict(Text("会议已经结束，不能再签到或修改。", "The sitting is closed."))
    if row.state == CANCELLED:
        raise Conflict(Text("会议已经取消。", "The sitting was called off."))


def _require_sensible(title: str, room: str, agenda: Sequence[str]) -> list[str]:
    points = [point.strip() for point in agenda if point.strip()]
    if all(map(_NUMBERED.match, points)):
        points = [_NUMBERED.sub("", point, count=1) for point in points]
    if not title.strip() or len(title.strip()) > 200:
        raise Invalid(Text("请写会议名称，最多200个字。", "Give the sitting a name of at most 200 characters."))
    if not room.strip() or len(room.strip()) > 200:
        raise Invalid(Text("请写会议地点，最多200个字。", "Say where it is, in at most 200 characters."))
    if not points or len(points) > MOST_POINTS or any(len(point) > 300 for point in points):
        raise Invalid(
            Text(
                f"请写议程，一行一项，最多{MOST_POINTS}项，每项最多300个字。",
                f"Write the agenda, one point on a line: at most {MOST_POINTS}, each of at most 300 characters.",
            )
        )
    return points


def _write_invitation(row: SittingRow, number: int) -> Text:
    points = "\n".join(f"{n}. {point}" for n, point in enumerate(row.agenda, 1))
    zh = f"{format_minute(row.starts_at)}在{row.room}召开“{row.title}”。\n议程：\n{points}\n到会后请在手机上签到。"
    en = (
        f"“{row.title}” sits on {_when_en(row.starts_at)}, {row.room}.\nAgenda:\n{points}\n"
        "Sign in on your phone when you are there."
    )
    return add_page_link(Text(zh, en), f"/sittings/{number}")


def _when_en(at: datetime) -> str:
    return f"{at.astimezone(CHINA):%Y-%m-%d at %H:%M}"


def _send_letters(
    desk: Desk, tx: Transaction, case: CaseRow, key: str, people: Sequence[int], subject: Text, text: Text
) -> None:
    now, people_by_id = desk.clock.now(), tx.people.by_id(people)
    rows = letter_rows([people_by_id[ident] for ident in people], case.id, key, subject, text, now)
    tx.work.enqueue_many(put(desk, tx, rows, now), now)


MOST_PAPERS = 40
"""Most documents laid before a sitting."""
MOST_OFFERED = 300
"""So many of the newest documents of a case and of those right below it are offered."""


@guarded("sitting.call")
def lay_papers(desk: Desk, actor: Actor, sitting_id: int, version: int, papers: Sequence[int]) -> None:
    """Lay these documents before a sitting instead of those laid before: who is called to it may read them.

    They are documents of the case that it is about or of a case right below it. What the actor may not see, being recused,
    stays as others laid it.

    Raises:
        NotAllowed: not the office of the place.
        Conflict: the sitting is closed, cancelled, or changed by somebody else meanwhile.
        Invalid: too many, or one that is not a document of those cases.
    """
    with desk.store.write() as tx:
        row = sitting_of_office(tx, actor, sitting_id, version)
        hidden = [paper.id for paper in tx.sittings.papers(row.papers) if is_recused(actor, paper.case)]
        chosen = list(dict.fromkeys([*hidden, *papers]))
        if len(chosen) > MOST_PAPERS:
            raise Invalid(
                Text(f"会议材料最多{MOST_PAPERS}件，请少选一些。", f"At most {MOST_PAPERS} papers: choose fewer.")
            )
        new_papers = tx.sittings.papers(chosen)
        if len(new_papers) != len(chosen) or any(
            row.case_id not in (paper.case.id, paper.case.parent_id) for paper in new_papers
        ):
            raise _not_of_the_case()
        tx.sittings.step(row.id, row.version, papers=[*chosen])
        named = "、".join(paper.number or f"《{paper.title}》" for paper in new_papers) or "无"
        append_case_event(desk, tx, row.case_id, actor, "sitting", f"{actor.name}确定会议“{row.title}”的材料：{named}")


def is_sitting_document(tx: Transaction, actor: Actor, case: CaseRow, document_id: int) -> bool:
    """Return whether a document of ``case`` lies before a sitting to which the actor is called, and no recusal keeps it from them."""
    if actor.person_id is None or is_recused(actor, case):
        return False
    about = [case.id] if case.parent_id is None else [case.id, case.parent_id]
    return any(
        document_id in row.papers
        and row.state != CANCELLED
        and is_member(actor, row)
        and not (row.case_id == case.id and is_recused_in_round(tx, actor, case.id))
        and not is_recused_in_ballots(tx, actor, row.case_id)
        for row in tx.sittings.calling_about(actor.person_id, about)
    )


def is_recused_in_round(tx: Transaction, actor: Actor, case_id: int) -> bool:
    """Return whether a member is recused from one that takes part in a round, of which its papers may speak."""
    recused = actor.in_person.recused
    return bool(recused) and any(body.id in recused for body in tx.cases.bodies_in_tree(case_id, "organisation"))


def is_recused_in_ballots(tx: Transaction, actor: Actor, case_id: int) -> bool:
    """Return whether a member is recused in a ballot of a case: what they may read they open from the ballot."""
    places = ((ballot.id, place_on_roll(tx, actor, ballot)) for ballot in tx.ballots.select(case_id=case_id))
    return any(
        place is not None and tx.ballot_recusals.select(ballot_id=ballot, number=place.number)
        for ballot, place in places
    )


def _not_of_the_case() -> Invalid:
    return Invalid(
        Text(
            "选的文书里有的不属于本次会议的办件，请刷新后重新勾选。",
            "A document that was chosen is not of the case of this sitting: reload the page and choose again.",
        )
    )


def not_recused(tx: Transaction, actor: Actor, rows: Sequence[SittingRow]) -> list[SittingRow]:
    """Return the sittings about cases from which ``actor`` is not recused, in their order."""
    if not rows or not actor.recused:
        return list(rows)
    about = CaseFilter(ids=sorted({row.case_id for row in rows}), recused=sorted(actor.recused))
    visible_ids = {*tx.cases.search_ids(about, len(rows))}
    return [row for row in rows if row.case_id in visible_ids]


def end_sittings(step: Step, numbers: Sequence[int], why: Text) -> None:
    """Call off sittings that are to come where the case is cut off; one that has begun is closed by its office.

    So is one to which somebody signed in. A case that comes to its own end leaves them: a round is summed up after it.
    """
    if not is_cut_off(step):
        return
    for number in numbers:
        row, members = step.tx.sittings.get(number), step.tx.sitting_members.select(sitting_id=number)
        begun = row.starts_at <= step.now or any(member.state == PRESENT for member in members)
        if row.state != CALLED or begun:
            continue
        step.tx.sittings.step(number, row.version, state=CANCELLED, closed_at=step.now)
        step.audit("sitting", f"取消会议“{row.title}”：{why.zh}")
        tell_called_off(step.desk, step.tx, row, [member.person_id for member in members], why)


def end_appointments(step: Step, numbers: Sequence[int], why: Text) -> None:
    """Cancel defences and visits that have not begun, and tell their participants."""
    for number in numbers:
        row = step.tx.appointments.get(number)
        if row.state == "planned" and row.starts_at > step.now:
            cancel_booked_appointment(step, row, why.zh)
