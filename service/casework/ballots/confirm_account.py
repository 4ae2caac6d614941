"""Confirm that an account whose password somebody else set is in its owner's hands, so that it can vote."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from service.casework.access.actor import ADMINISTRATOR, BUILT_IN, Actor
from service.casework.access.given_password import in_doubt, is_in_doubt, is_one_time
from service.casework.access.guards import guarded
from service.casework.access.own_sign_in import given_by_groups
from service.casework.ballots.box import OPEN
from service.casework.desk.desk import Desk
from service.casework.step.history import note
from service.domain.errors import Conflict, Invalid, NotAllowed
from service.domain.text import Text
from service.store import Transaction
from service.store.rows import BallotRow, PersonRow

SUPERVISOR = "supervisor"
"""Kind of bodies that supervise."""
INSTEAD = frozenset({"office", "government"})
"""Kinds of bodies whose people confirm in a place without a supervisor."""


@dataclass(frozen=True, slots=True)
class DoubtedAccount:
    """An account that cannot open the ballot; ``unchanged``: its owner has to change the password first."""

    person_id: int
    name: str
    login: str
    unchanged: bool
    may_confirm: bool
    by: Text
    """Who confirms it."""


@guarded("ballot.confirm_account")
def confirm_account(desk: Desk, actor: Actor, ballot_id: int, person_id: int, reason: str) -> None:
    """Put on record that ``actor`` saw the owner of the account in person; the account can vote from now on.

    Raises:
        NotAllowed: the actor is none of `_confirmers` of the place, set the password, or is the person.
        Conflict: nothing is in doubt (any more), or the owner did not change the password yet.
        Invalid: it is not said how the person was seen.
    """
    with desk.store.read() as tx:
        case_id = tx.ballots.get(ballot_id).case_id
    with desk.store.write() as tx:
        tx.cases.lock(case_id)
        row, now = tx.ballots.get(ballot_id), desk.clock.now()
        person = {p.id: p for p in _doubted(desk, tx, row)}.get(person_id)
        if not _is_second(desk, tx, actor, row, tx.people.person(person_id)):
            raise _no_second(_confirmers(tx, row, now))
        if person is None or is_one_time(person):
            raise _not_to_confirm(person)
        if not reason.strip():
            raise Invalid(
                Text(
                    "请写明怎样核实了本人，例如当面核对身份证件。",
                    "Say how you made sure, such as by an identity card.",
                )
            )
        tx.people.update_person(person_id, password_confirmed_at=now, password_confirmed_by=actor.person_id)
        entry = f"{actor.name}确认{person.name}的账号由本人使用：{reason.strip()}"
        note(desk, tx, case_id, actor, "account", entry, row.element, {"ballot": ballot_id, "person": person_id})


def accounts_in_doubt(desk: Desk, tx: Transaction, actor: Actor, row: BallotRow) -> tuple[DoubtedAccount, ...]:
    """Return the accounts of the roll that cannot open the ballot, for whoever oversees it; empty once it is over."""
    if row.state != OPEN or not actor.oversees(row.jurisdiction):
        return ()
    people = _doubted(desk, tx, row)
    by = _confirmers(tx, row, desk.clock.now()) if people else Text("", "")
    return tuple(
        DoubtedAccount(
            p.id, p.name, p.login, is_one_time(p), not is_one_time(p) and _is_second(desk, tx, actor, row, p), by
        )
        for p in people
    )


def demand_own_account(desk: Desk, tx: Transaction, actor: Actor, row: BallotRow) -> None:
    """Raise AccountInDoubt where somebody else could sign in as the member while the ballot ran."""
    if actor.person_id is None:
        return
    person, by_groups = tx.outside_identities.with_person(actor.person_id)
    if by_groups and given_by_groups(tx, person.id, row.role, desk.clock.now()):
        raise NotAllowed(
            Text(
                "您的表决角色是按统一身份认证的组授予的，不能据以投票。请由两名管理员另行授予，或者到会场投纸质选票。",
                "Your role in this ballot comes from the groups of the single sign-on alone, which opens no ballot: let"
                " two administrators give it, or vote on paper in the hall.",
            )
        )
    if _is_doubted(tx, person, row):
        raise in_doubt(person, _confirmers(tx, row, desk.clock.now()))


def account_in_doubt(tx: Transaction, actor: Actor, row: BallotRow) -> bool:
    """Return whether somebody else could sign in as the actor while the ballot ran."""
    return actor.person_id is not None and _is_doubted(tx, tx.people.person(actor.person_id), row)


def _is_doubted(tx: Transaction, person: PersonRow, row: BallotRow) -> bool:
    # Of whom nobody gave a password the case need not be read.
    return person.password_given_at is not None and is_in_doubt(person, _began(tx, row))


def _doubted(desk: Desk, tx: Transaction, row: BallotRow) -> list[PersonRow]:
    roll, now = tx.ballots.roll(row.id), desk.clock.now()
    people = list(tx.people.people({m.person_id for m in roll if m.person_id is not None}).values())
    for unit in (m.body_id for m in roll if m.person_id is None and m.body_id is not None):
        people += tx.people.people_with(row.jurisdiction, row.role, unit, now)
    began = _began(tx, row)
    return [person for person in people if is_in_doubt(person, began)]


def _began(tx: Transaction, row: BallotRow) -> datetime:
    return tx.cases.get(row.case_id).started_at


def _is_second(desk: Desk, tx: Transaction, actor: Actor, row: BallotRow, person: PersonRow) -> bool:
    """Return whether the actor may confirm, and is surely another than the person and than who gave the password.

    An account whose password one of them gave may be theirs. Where there are three administrators, two of whom set a
    password together, none of them confirms: supervisors do, or where the place has none, its office and government.
    """
    kinds = {SUPERVISOR} if _is_supervised(tx, row) else INSTEAD
    seats = (s for s in actor.in_person.seats if s.serves(row.jurisdiction) and s.role not in BUILT_IN)
    may = any(s.body_kind in kinds for s in seats) or actor.holds(row.jurisdiction, ADMINISTRATOR) is not None
    asked = tx.rights.last_password(person.id)
    both = {asked.asked_by, asked.decided_by} if asked is not None else set()
    concerned = {person.id, person.password_given_by, *both} - {None}
    if not may or actor.person_id in concerned:
        return False
    if actor.person_id is None:
        return True
    if given_by_groups(tx, actor.person_id, None, desk.clock.now()):
        return False
    own = tx.people.person(actor.person_id)
    theirs = own.password_given_by in concerned and own.password_confirmed_at is None
    return not theirs and not is_in_doubt(own, _began(tx, row))


def _is_supervised(tx: Transaction, row: BallotRow) -> bool:
    return any(body.kind == SUPERVISOR for body in tx.people.bodies(row.jurisdiction))


def _confirmers(tx: Transaction, row: BallotRow, now: datetime) -> Text:
    """Return who may confirm an account in this place, as sentences name them."""
    watch = Text("监督机构的人员", "a supervisor")
    if not _is_supervised(tx, row):
        watch = Text("办公室或者政府的另一名工作人员", "somebody else of the office or the government")
    if not any(held.jurisdiction in ("*", row.jurisdiction) for held in tx.rights.holders(ADMINISTRATOR, now)):
        return watch
    return Text(f"{watch.zh}或者另一名管理员", f"{watch.en} or another administrator")


def _no_second(by: Text) -> NotAllowed:
    return NotAllowed(
        Text(
            f"由{by.zh}确认；账号本人、重设密码的人不能确认，密码由他们设定的、这一届开始以后才由他人设定的账号也不能确认。"
            "也可以到会场投纸质选票。",
            f"This is confirmed by {by.en}, neither by who set the password nor by the person, nor through an account to"
            " which one of them, or since the case began anybody, gave its password. Or vote on paper in the hall.",
        )
    )


def _not_to_confirm(person: PersonRow | None) -> Conflict:
    if person is None:
        return Conflict(
            Text(
                "这个账号在本次表决中没有待确认的事项。",
                "Nothing about that account is to be confirmed in this ballot.",
            )
        )
    return Conflict(
        Text(
            f"{person.name}还没有修改代设的密码，请其先登录修改，再来确认。",
            f"{person.name} did not change the password that was set for them: let them do so, then confirm.",
        )
    )
