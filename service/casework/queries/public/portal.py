"""The public portal: calls, notices, results, the regulation as diagrams and clauses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from service.casework.access.actor import Actor
from service.casework.access.case_access import may_view_case
from service.casework.access.guards import guarded
from service.casework.cases.start import Starter
from service.casework.desk.desk import Desk
from service.casework.notices.correct import TO_ASK, may_correct_notice
from service.casework.notices.recall import end_of, ended_early, objections_before
from service.casework.public.self_check import can_be_checked, parse_day
from service.casework.queries.cases.start_options import closed
from service.casework.queries.limits import TimeLimit, notice_limit
from service.casework.reading.citations import CitedArticle, cite
from service.casework.reading.contacts import Contact, ContactBelow, contacts_of, reach_below
from service.casework.reading.published import Published, published
from service.casework.reading.results import is_announcement, is_contestable_notice
from service.casework.step.fill import in_words
from service.catalog import Package, ProcessInfo
from service.catalog.applications import application_kinds
from service.domain.calendar import local_date
from service.domain.errors import NotFound
from service.domain.text import Text
from service.domain.values.bounds import NoticeState
from service.store import CaseFilter, Transaction
from service.store.models import CaseRow, NoticeRow


@dataclass(frozen=True, slots=True)
class RoundLine:
    """A round (届) that is under way; ``over``: its last day for applications has passed."""

    id: int
    title: str
    package: str
    award: Text
    started_at: datetime
    deadline: date | None
    process: str
    open: bool
    over: bool = False


def rounds_under_way(
    desk: Desk, tx: Transaction, publications: Published, jurisdiction: str | None
) -> Sequence[RoundLine]:
    """Return the rounds under way, ten at most of each award, of one city or of all."""
    rounds = []
    for package in publications.packages:
        place = package.jurisdiction.id
        if jurisdiction not in (None, place):
            continue
        for info in application_kinds(package):
            live = CaseFilter([place], info.parent, live=True, award=package.award.id)
            rounds += [_build_round_line(desk, tx, package, info, row) for row in tx.cases.search(live, limit=10)]
    return rounds


def round_called(desk: Desk, tx: Transaction, publications: Published, case: CaseRow) -> RoundLine | None:
    """Return ``case`` as a round that takes applications today; None when it is no round, or takes none."""
    for package in publications.of(case.jurisdiction):
        for info in application_kinds(package):
            if package.award.id == case.award and info.parent == case.process:
                round_line = _build_round_line(desk, tx, package, info, case)
                return round_line if round_line.open else None
    return None


def _build_round_line(desk: Desk, tx: Transaction, package: Package, info: ProcessInfo, row: CaseRow) -> RoundLine:
    running = desk.packages.get(row.definition, tx)
    deadline = parse_day((row.facts or {}).get("deadline"))
    over = deadline is not None and deadline < local_date(desk.clock.now())
    return RoundLine(
        row.id,
        row.title,
        package.key,
        package.award.text,
        row.started_at,
        deadline,
        info.key,
        closed(desk, tx, running, running.award.processes.get(info.key, info), row, Starter("applicant")) is None
        and not over,
        over,
    )


PAGE = 30
RUNNING = 100
"""So many running notices stand by themselves on the first page; older ones that still run stand among the past ones."""

_HOW_TO_OBJECT = Text(
    "对公示内容有异议的，请在公示期内以书面形式实名向公示单位提出，并附证据。"
    "个人提出的应签名并写明联系电话和地址；单位提出的应加盖公章。",
    "Object in writing to the body that posted this, within the period and with evidence: "
    "individuals sign and give telephone and address, units seal.",
)
"""What a public notice says that does not say itself how to object."""


@dataclass(frozen=True, slots=True)
class NoticeView:
    """A notice as the public reads it, as posted; ``correctable`` whether the reader may correct or recall it now.

    ``award`` is the award it belongs to, "" in lists; ``call`` the round that takes applications while this runs.
    ``replaces_id`` is the notice that this one corrects, ``replaced_by`` the one posted after a correction;
    ``why`` the reason of the correction that this one came from. ``contact`` is whom to ask today, ``to_ask``
    what was set when it was posted, as its files say it; () in notices posted before that was kept.
    ``objections_before`` is how many objections came in against what it replaces. ``late`` whether it counts from
    its posting here, as it was registered after the period from its publication in the media.
    """

    id: int
    jurisdiction: str
    award: str
    city: Text
    case_id: int
    title: str
    text: str
    entries: tuple[dict[str, Any], ...]
    columns: tuple[str, ...]
    media: tuple[str, ...]
    objecting: str
    issuer: str
    fingerprint: str
    clauses: tuple[CitedArticle, ...]
    posted_at: datetime
    first_day: date
    last_day: date
    limit: TimeLimit
    state: NoticeState
    closed_at: datetime | None
    objections: int
    replaces_id: int | None
    replaced_by: int | None
    correction: dict[str, Any] | None
    why: str
    audience: str
    phone: str
    address: str
    correctable: bool
    contestable: bool
    announcement: bool
    early: bool
    end: Text
    call: RoundLine | None = None
    contact: Contact | None = None
    to_ask: tuple[str, ...] = ()
    objections_before: int = 0
    late: bool = False
    files: tuple[Mapping[str, Any], ...] = ()

    @property
    def running(self) -> bool:
        """Whether the window is open."""
        return self.state == "running"

    @property
    def rows(self) -> list[list[str]]:
        """The table in Chinese notation, by its columns; "" where an entry says nothing."""
        return [[in_words(entry.get(column)) for column in self.columns] for entry in self.entries]

    @property
    def reach(self) -> ContactBelow:
        """What stands below it of how to reach who answers: one telephone on a notice, and the address with it."""
        return reach_below(f"{self.text}\n{self.objecting}", self.contact, self.phone, self.address)

    @property
    def how_to_object(self) -> Text:
        """How to object where the notice does not say so itself, with the issuer's telephone."""
        if not self.phone or (self.contact is not None and self.contact.words):
            return _HOW_TO_OBJECT  # the contact stands below
        return Text(f"{_HOW_TO_OBJECT.zh}联系电话：{self.phone}", f"{_HOW_TO_OBJECT.en} Telephone: {self.phone}")


@dataclass(frozen=True, slots=True)
class CityView:
    """A city with its awards."""

    id: str
    name: Text
    law: Text
    since: date | None
    until: date | None
    awards: tuple[tuple[str, Text], ...]


@dataclass(frozen=True, slots=True)
class PortalView:
    """The front page: cities, open calls and running notices; ``past`` has those that run beyond `RUNNING`, too."""

    cities: tuple[CityView, ...]
    running: tuple[NoticeView, ...]
    past: tuple[NoticeView, ...]
    rounds: tuple[RoundLine, ...]
    before: tuple[datetime, int] | None
    checks: frozenset[str] = frozenset()
    """The packages whose conditions anybody may check by themselves."""
    contacts: Mapping[str, Contact] = field(default_factory=dict)
    """Whom to ask in each city."""


@guarded("portal.view")
def view_portal(
    desk: Desk, actor: Actor, jurisdiction: str | None = None, before: tuple[datetime, int] | None = None
) -> PortalView:
    """Return the notices that run, the newest past ones, and the rest of the front page, of one city or of all."""
    del actor  # anybody; the guard has said so
    with desk.store.read() as tx:
        publications = published(desk, tx)
        rows = tx.notices.list_public(jurisdiction, limit=PAGE + 1, before=before)
        page_rows = rows[:PAGE]
        some_run = before is None or any(row.state == "running" for row in page_rows)
        running = tx.notices.list_public(jurisdiction, running_only=True, limit=RUNNING) if some_run else []
        past = notices_as_posted(desk, tx, publications, [row for row in page_rows if row not in running])
        rounds = [] if before else rounds_under_way(desk, tx, publications, jurisdiction)
        contacts = contacts_of(desk, tx, publications, jurisdiction)
    return PortalView(
        cities=cities_of(publications, jurisdiction),
        running=tuple(_as_posted(desk, publications, row) for row in running if before is None),
        past=past,
        rounds=tuple(rounds),
        before=(page_rows[-1].posted_at, page_rows[-1].id) if len(rows) > PAGE else None,
        checks=frozenset(package.key for package in publications.packages if can_be_checked(package)),
        contacts=contacts,
    )


@guarded("portal.view")
def view_contacts(desk: Desk, actor: Actor) -> Sequence[tuple[CityView, Contact]]:
    """Return whom to ask in each city."""
    del actor  # anybody; the guard has said so
    with desk.store.read() as tx:
        known = published(desk, tx)
        contacts = contacts_of(desk, tx, known, None)
    return [(city, contacts[city.id]) for city in cities_of(known, None)]


@guarded("notice.view")
def view_notice(desk: Desk, actor: Actor, notice_id: int) -> NoticeView:
    """Return a notice; an internal one only to those who may see its case, to others it does not exist."""
    with desk.store.read() as tx:
        row = tx.notices.get(notice_id)
        if row.audience != "public" and not may_view_case(actor, tx.cases.get(row.case_id), tx):
            raise NotFound(Text("没有这份公示，或者它不对外公开。", "There is no such notice, or it is not public."))
        case = tx.cases.get(row.case_id)
        publications = published(desk, tx)
        call = (
            round_called(desk, tx, publications, case)
            if row.state == "running" and is_announcement(row.content)
            else None
        )
        contact = contacts_of(desk, tx, publications, row.jurisdiction).get(row.jurisdiction)
        rows = tx.notices.select(case_id=row.case_id)
        posted = _as_posted(desk, publications, row, objections_before(row, rows))
        view = replace(posted, award=case.award, call=call, contact=contact)
        replacement = next((n.id for n in rows if n.replaces_id == row.id), None)
        first = tx.notices.get(row.replaces_id) if row.replaces_id is not None else None
    why = str(first.correction["reason"]) if first is not None and first.correction else ""
    return replace(view, correctable=view.running and may_correct_notice(actor, row), replaced_by=replacement, why=why)


def cities_of(publications: Published, jurisdiction: str | None) -> tuple[CityView, ...]:
    """Return what is published, city by city, or of one city."""
    cities: dict[str, CityView] = {}
    for package in publications.packages:
        city = package.jurisdiction
        if jurisdiction not in (None, city.id):
            continue
        awards = (*(cities[city.id].awards if city.id in cities else ()), (package.key, package.award.text))
        law = Text(city.law.title, city.law.title_en)
        cities[city.id] = CityView(city.id, city.text, law, city.law.since, city.law.until, awards)
    return tuple(cities.values())


def notices_as_posted(
    desk: Desk, tx: Transaction, publications: Published, rows: Sequence[NoticeRow]
) -> tuple[NoticeView, ...]:
    """Return notices as everybody reads them, each with what was objected to before it was corrected."""
    return tuple(
        _as_posted(
            desk,
            publications,
            row,
            0 if row.replaces_id is None else objections_before(row, tx.notices.select(case_id=row.case_id)),
        )
        for row in rows
    )


def _as_posted(desk: Desk, publications: Published, row: NoticeRow, before: int = 0) -> NoticeView:
    package = next(iter(publications.of(row.jurisdiction)), None)
    content: dict[str, Any] = row.content or {}
    entries = tuple(e for e in content.get("entries", []) if isinstance(e, dict))
    today = local_date(desk.clock.now())
    calendar = publications.calendar(desk, row.jurisdiction)
    bodies = package.jurisdiction.bodies if package else ()
    office = next((b for b in bodies if b.kind == "office"), None)
    issuer = str(content.get("issuer") or (office.name if office else ""))
    posting = next((b for b in bodies if b.name == issuer and (b.phone or b.address)), office)
    return NoticeView(
        id=row.id,
        jurisdiction=row.jurisdiction,
        award="",
        city=package.jurisdiction.text if package else Text(row.jurisdiction, row.jurisdiction),
        case_id=row.case_id,
        title=row.title,
        text=str(content.get("text") or ""),
        entries=entries,
        columns=tuple(dict.fromkeys(key for entry in entries for key in entry)),
        media=tuple(str(m) for m in content.get("media", [])),
        objecting=str(content.get("objections") or ""),
        issuer=issuer,
        fingerprint=row.fingerprint,
        clauses=cite(package, row.clauses) if package else (),
        posted_at=row.posted_at,
        first_day=row.first_day,
        last_day=row.last_day,
        limit=notice_limit(calendar, row, today),
        state=row.state,
        closed_at=row.closed_at,
        objections=row.objections,
        replaces_id=row.replaces_id,
        replaced_by=None,
        correction=row.correction,
        why="",
        audience=row.audience,
        phone=posting.phone if posting else "",
        address=posting.address if posting else "",
        correctable=False,
        contestable=is_contestable_notice(row),
        announcement=is_announcement(content),
        end=end_of(row, before),
        early=ended_early(row),
        to_ask=tuple(str(line) for line in content.get(TO_ASK, [])),
        objections_before=before,
        late=bool(row.period.get("late")),
        files=tuple(file for file in content.get("files", []) if isinstance(file, dict)),
    )
