"""The public register of awards (without personal data) and of the sanctions a city makes public."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import MAXYEAR, date

from service.casework.access.actor import Actor
from service.casework.access.case_access import may_view_case
from service.casework.access.guards import guarded
from service.casework.ballots.box import COUNTED
from service.casework.ballots.view_ballot import may_see_ballot
from service.casework.desk.calendars import parameters_on
from service.casework.desk.desk import Desk
from service.casework.lists import ListSpec, Page, cut_page, read_lines
from service.casework.queries.public.portal import NoticeView, notices_as_posted
from service.casework.reading.contacts import Contact, contacts_of
from service.casework.reading.published import Published, published
from service.casework.reading.results import names
from service.domain.calendar import anniversary, local_date
from service.domain.errors import Invalid, NotFound
from service.domain.text import Text
from service.store import CaseFilter, Transaction, words_to_find
from service.store.models import AwardRow, CaseRow

PAGE = 50
_FIRST_YEAR = 1900
_WORDS = 6
VALIDITY = "award_validity_years"
"""Parameter of an award: for how many years it is given."""
_GIVEN_HERE = {"case", "kept_on"}
"""What stands beside an award that the program gave or kept: its term is known."""
PUBLIC_SANCTIONS = "public_sanctions"
"""Parameter of an award: the effects (ban, revocation …) whose sanctions its law lets be published."""


@dataclass(frozen=True, slots=True)
class AwardLine:
    """An award on record; ``ended`` says why it no longer holds, ``expired`` its last day once that is past.

    ``former_names`` are those that the holder bore, and the organisations that held the award before it. ``last_day``
    is that of one that holds, which where winners are looked at again may be past; ``undated`` where it should be on
    record and is not.
    """

    id: int
    body_id: int
    organisation: str
    former_names: tuple[str, ...]
    city: Text
    award: Text
    tier: Text
    round: str
    decided_on: date
    number: str | None
    revoked_on: date | None
    ended: str
    expired: date | None
    last_day: date | None = None
    undated: bool = False


@dataclass(frozen=True, slots=True)
class SanctionLine:
    """A sanction that is public."""

    organisation: str
    city: Text
    ground: str
    effect: str
    from_day: date
    last_day: date | None
    running: bool


@dataclass(frozen=True, slots=True)
class RegisterView:
    """A page of the register with what it can be narrowed to; ``contact`` is whom to tell of false titles in one city."""

    page: Page[AwardLine, tuple[date, int]]
    sanctions: tuple[SanctionLine, ...]
    cities: tuple[tuple[str, Text], ...]
    tiers: tuple[tuple[str, Text], ...]
    years: tuple[int, ...]
    contact: Contact | None = None


AWARDS: ListSpec[AwardLine] = ListSpec("/register", Text("获奖名录", "Register of awards"), ())


@guarded("register.view")
def view_register(
    desk: Desk,
    actor: Actor,
    jurisdiction: str | None = None,
    year: int | None = None,
    tier: str | None = None,
    before: tuple[date, int] | None = None,
    named: str = "",
) -> RegisterView:
    """Return awards newest first, of one city, year, tier or of who is ``named`` so; raises Invalid for a year that cannot be."""
    del actor  # anybody; the guard has said so
    _require_year(year)
    with desk.store.read() as tx:
        known = published(desk, tx)
        rows = tx.awards.list_public(jurisdiction, PAGE + 1, before, year=year, tier=tier, named=named.split()[:_WORDS])
        found = cut_page(rows, lambda row: (row.decided_on, row.id), PAGE)
        return RegisterView(
            read_lines(found, award_lines(desk, tx, known, found.lines)),
            tuple(public_sanctions(desk, tx, known, jurisdiction)),
            tuple({p.jurisdiction.id: p.jurisdiction.text for p in known.packages}.items()),
            tuple(
                {
                    t.id: t.text
                    for p in known.packages
                    if _wanted(p.jurisdiction.id, jurisdiction)
                    for t in p.award.tiers
                }.items()
            ),
            tuple(tx.awards.list_years(jurisdiction)),
            contacts_of(desk, tx, known, jurisdiction).get(jurisdiction) if jurisdiction else None,
        )


def award_lines(desk: Desk, tx: Transaction, known: Published, rows: Sequence[AwardRow]) -> tuple[AwardLine, ...]:
    """Return awards on record as everybody reads them."""
    today = local_date(desk.clock.now())
    besides = tx.award_holders.select(award_id=[r.id for r in rows])
    bodies = tx.bodies.by_id({r.body_id for r in rows} | {h.body_id for h in besides})
    given_in = tx.cases.by_id({int(r.details["case"]) for r in rows if (r.details or {}).get("case")})
    return tuple(
        AwardLine(
            row.id,
            row.body_id,
            bodies[row.body_id].name,
            (
                *(str(n) for n in (bodies[row.body_id].details or {}).get("former_names", ())),
                *(bodies[h.body_id].name for h in besides if h.award_id == row.id),
            ),
            _city(known, row.jurisdiction),
            *_names(known, row.jurisdiction, row.award, row.tier),
            row.round,
            row.decided_on,
            row.number,
            row.revoked_on,
            str((row.details or {}).get("revoked_because") or ""),
            _find_expiry(row, today),
            last := _find_last_day(row, given_in),
            last is None and not _GIVEN_HERE & (row.details or {}).keys() and _has_term(known, row),
        )
        for row in rows
    )


def _find_expiry(row: AwardRow, today: date) -> date | None:
    """Return until when an award was valid; None where it still is, or where no validity is on record."""
    last = (row.details or {}).get("valid_until")
    return day if last and (day := date.fromisoformat(str(last))) < today else None


def _find_last_day(row: AwardRow, given_in: Mapping[int, CaseRow]) -> date | None:
    """Return until when an award holds: as is on record, else by the years of the round that gave it, of its tier first."""
    details = row.details or {}
    if "kept_on" in details or "valid_until" in details:
        last = details.get("valid_until" if "valid_until" in details else "kept_until")
        return last and date.fromisoformat(str(last))
    parameters = given_in[details["case"]].parameters if details.get("case") in given_in else {}
    years = str(parameters.get(f"{row.tier}_validity_years", parameters.get(VALIDITY)))
    return anniversary(row.decided_on, int(years)) if years.isdigit() else None


def _has_term(known: Published, row: AwardRow) -> bool:
    """Return whether the law under which an award is given lets it end."""
    return any(VALIDITY in p.award.parameters for p in known.of(row.jurisdiction) if p.award.id == row.award)


def _require_year(year: int | None) -> None:
    if year is not None and not _FIRST_YEAR <= year <= MAXYEAR:
        raise Invalid(Text(f"没有{year}年这一年份，请重新选择。", f"There is no year {year}: choose again."))


def _wanted(place: str, jurisdiction: str | None) -> bool:
    return jurisdiction in (None, place)


def _city(known: Published, jurisdiction: str) -> Text:
    found = known.of(jurisdiction)
    return found[0].jurisdiction.text if found else Text(jurisdiction, jurisdiction)


def _names(known: Published, jurisdiction: str, award: str, tier: str) -> tuple[Text, Text]:
    package = next((p for p in known.of(jurisdiction) if p.award.id == award), None)
    if package is None:
        return Text(award, award), Text(tier, tier)
    return package.award.text, next((t.text for t in package.award.tiers if t.id == tier), Text(tier, tier))


def public_sanctions(
    desk: Desk, tx: Transaction, known: Published, jurisdiction: str | None, body_id: int | None = None
) -> list[SanctionLine]:
    """Return the sanctions that a city's law lets be published, of one organisation when asked."""
    today = local_date(desk.clock.now())
    found = []
    for package in known.packages:
        if PUBLIC_SANCTIONS not in package.award.parameters:
            continue
        effects = parameters_on(tx, package, today)[PUBLIC_SANCTIONS] or ()
        if not effects or not _wanted(package.jurisdiction.id, jurisdiction):
            continue
        rows = tx.sanctions.select(
            limit=PAGE,
            jurisdiction=package.jurisdiction.id,
            effect=[str(effect) for effect in effects],
            body_id__in=None if body_id is None else [body_id],
        )
        bodies = tx.bodies.by_id({r.body_id for r in rows})
        found += [
            SanctionLine(
                bodies[r.body_id].name,
                package.jurisdiction.text,
                r.ground,
                r.effect,
                r.from_day,
                r.last_day,
                r.from_day <= today and (r.last_day is None or today <= r.last_day),
            )
            for r in rows
        ]
    return found


_NOTICES = 20
"""The newest notices that name it."""
_TRACED = 5
"""The newest awards whose papers are looked for."""
_CASES = 50
"""The newest cases about the organisation among which theirs are looked for."""


@dataclass(frozen=True, slots=True)
class AwardTrace:
    """What the reader may open of how awards came about; ``title`` is the case that conferred them, mostly the round.

    ``cases`` about the organisation there, their ``documents``, and counted ``ballots`` (each id and title).
    """

    title: str
    cases: tuple[tuple[int, str], ...]
    documents: tuple[tuple[int, str], ...]
    ballots: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class WinnerView:
    """An organisation on record with ``awards`` newest first, ended ones too; ``name`` is what it is called today.

    ``traces`` are for its own people, members and offices; the public has none.
    """

    id: int
    name: str
    awards: tuple[AwardLine, ...]
    notices: tuple[NoticeView, ...]
    sanctions: tuple[SanctionLine, ...]
    traces: tuple[AwardTrace, ...] = ()


@guarded("register.view")
def view_winner(desk: Desk, actor: Actor, body_id: int) -> WinnerView:
    """Return what is public of an organisation that holds an award, or held one; raises NotFound for any other."""
    with desk.store.read() as tx:
        rows = tx.awards.list_of_body(body_id)
        if not rows:
            raise NotFound(Text("获奖名录中没有这个组织。", "This organisation is not in the register of awards."))
        known = published(desk, tx)
        name = tx.bodies.by_id({body_id})[body_id].name
        places = list(dict.fromkeys(row.jurisdiction for row in rows))
        naming = [row for row in tx.notices.search(words_to_find(name), places, _NOTICES) if names(row, name)]
        return WinnerView(
            body_id,
            name,
            award_lines(desk, tx, known, rows),
            notices_as_posted(desk, tx, known, naming),
            tuple(one for place in places for one in public_sanctions(desk, tx, known, place, body_id)),
            _traces(tx, actor, body_id, rows),
        )


def _traces(tx: Transaction, actor: Actor, body_id: int, rows: Sequence[AwardRow]) -> tuple[AwardTrace, ...]:
    """Return what ``actor`` may open of the cases that conferred the newest awards, and of those about the organisation."""
    numbers = dict.fromkeys((row.details or {}).get("case") for row in rows[:_TRACED])
    conferring = [number for number in numbers if isinstance(number, int)]
    if actor.person_id is None or not conferring:
        return ()
    about = tx.cases.search(CaseFilter(sorted({row.jurisdiction for row in rows}), body_id=body_id), limit=_CASES)
    found = [
        _trace(tx, actor, tx.cases.get(number), [one for one in about if number in (one.id, one.parent_id)])
        for number in conferring
    ]
    return tuple(one for one in found if one.cases or one.ballots)


def _trace(tx: Transaction, actor: Actor, conferred: CaseRow, about: Sequence[CaseRow]) -> AwardTrace:
    readable = [case for case in about if may_view_case(actor, case, tx)]
    ballots = [
        one
        for ident in dict.fromkeys((conferred.id, *(case.id for case in readable)))
        for one in tx.ballots.select(case_id=ident)
        if one.state == COUNTED and may_see_ballot(tx, actor, one)
    ]
    documents = [one for case in readable for one in tx.documents.select(case_id=case.id) if one.erased_at is None]
    return AwardTrace(
        conferred.title,
        tuple((case.id, case.title) for case in readable),
        tuple((one.id, one.title) for one in documents),
        tuple((one.id, one.title) for one in ballots),
    )
