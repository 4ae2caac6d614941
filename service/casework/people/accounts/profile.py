"""A person's profile: name, address for mail, telephone, language, and what they chose for themselves."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated

from service.casework.access.actor import Actor
from service.casework.access.book.acting import tell
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.people.factors.tell import OwnChange, tell_of_means, tell_of_name
from service.casework.people.place_of import place_of
from service.casework.people.rights.people_shown import demand_whole_person
from service.casework.people.rights.rights import demand_no_officer
from service.casework.step.post import COLLEAGUE, DAILY, EACH, KEY, NEWS, OFF, REMINDER
from service.domain.errors import Invalid, NotAllowed
from service.domain.forms.masking import masked
from service.domain.text import Text
from service.domain.translation import languages
from service.domain.values.bounds import Inside, Length
from service.domain.values.typed_text import clean_phone, clean_word, is_address
from service.store import Transaction
from service.store.models import Json, PersonRow, PersonSettingRow

_TELEPHONE = re.compile(r"\+?[0-9][0-9 ()-]{4,38}")
LONGEST_LANGUAGE = 2
"""Characters in which an account names its language (ISO 639-1)."""
PLACES_OWN = ""
"""What the place has set for reminders, each or one mail a day: so it is for who chooses nothing."""
CHOICES: Mapping[tuple[str, str], tuple[str, ...]] = {
    (REMINDER, "mail"): (PLACES_OWN, EACH, DAILY, OFF),
    (REMINDER, "webhook"): (EACH, OFF),
    (COLLEAGUE, "mail"): (EACH, DAILY, OFF),
    (COLLEAGUE, "webhook"): (EACH, OFF),
    (NEWS, "mail"): (EACH, DAILY, OFF),
    (NEWS, "webhook"): (EACH, OFF),
}
"""What may be chosen for a kind of message and a channel; the first is what holds for who never chose."""


@dataclass(frozen=True, slots=True)
class Profile:
    """What a person is called and where they are reached; "" for nothing."""

    name: str
    email: str
    telephone: str


@guarded("people.manage")
def change_profile(
    desk: Desk,
    actor: Actor,
    person_id: int,
    name: Annotated[str, Length(1, 80)],
    email: Annotated[str, Length(0, 200)],
    telephone: Annotated[str, Length(0, 40)],
    seen: Inside[Profile | None] = None,
) -> None:
    """Set the name, address and telephone of a person; of a new name the person is told.

    What stands as a page showed it (``seen``) was not changed there, and stays what it is on record by now.

    What was signed, published or put on record before keeps the name of its day.

    Raises:
        Invalid: no name, or no address or number.
        NotAllowed: the person has a seat that ``actor`` does not administer.
    """
    called, values = good_name(name), _contact(email, telephone)
    with desk.store.write() as tx:
        demand_whole_person(tx, actor, person_id)
        demand_no_officer(tx, actor, person_id, desk.clock.now())
        row = tx.people.get(person_id)
        called = row.name if seen is not None and name == seen.name else called
        values = _changed_alone(row, values, seen, email, telephone)
        tx.people.change(person_id, name=called, **values)
        if called != row.name:
            tell_of_name(desk, tx, actor, person_id, row.name)
        _tell_change(desk, tx, row, {"name": called, **values})


@guarded("profile.change")
def own_profile(desk: Desk, actor: Actor) -> Profile:
    """Return what is on record of the actor."""
    with desk.store.read() as tx:
        row = tx.people.get(_signed_in(actor))
    return Profile(row.name, row.email or "", row.telephone or "")


@guarded("profile.change")
def change_own_profile(desk: Desk, actor: Actor, email: str, telephone: str, seen: Profile | None = None) -> None:
    """Set the actor's own address and telephone; the name, which stands on records, is changed by an administrator.

    What stands as the page showed it (``seen``) stays what it is on record by now.

    Raises:
        Invalid: no address or number.
    """
    values = _contact(email, telephone)
    with desk.store.write() as tx:
        row = tx.people.get(_signed_in(actor))
        values = _changed_alone(row, values, seen, email, telephone)
        tx.people.change(row.id, **values)
        _tell_change(desk, tx, row, values)


def _changed_alone(
    row: PersonRow, values: Mapping[str, str | None], seen: Profile | None, email: str, telephone: str
) -> dict[str, str | None]:
    """Return ``values``; of what was typed as it was seen, what is on record."""
    if seen is None:
        return dict(values)
    return {
        "email": row.email if email == seen.email else values["email"],
        "telephone": row.telephone if telephone == seen.telephone else values["telephone"],
    }


def good_name(name: str) -> str:
    """Return the name of a person as it is kept; raises Invalid where there is none."""
    called = " ".join(name.split())
    if not called or len(called) > 80:
        raise Invalid(Text("请填写姓名（80 字以内）。", "Enter the person's name (up to 80 characters)."))
    return called


def good_email(email: str) -> str:
    """Return an address as it is kept, "" for none; raises Invalid where it is none."""
    address = clean_word(email)
    if address and not is_address(address):
        raise Invalid(
            Text(
                f"“{address[:80]}”不是邮箱地址，请核对，例如 zhao@example.cn。",
                f"“{address[:80]}” is no e-mail address: check it; one looks like zhao@example.cn.",
            )
        )
    return address


def good_telephone(telephone: str) -> str:
    """Return a number as it is kept, "" for none; raises Invalid where it is none."""
    number = clean_phone(telephone)
    if number and not _TELEPHONE.fullmatch(number):
        raise Invalid(
            Text(
                f"“{number[:40]}”不是电话号码，请核对，例如 0991-1234567 或 13800000000。",
                f"“{number[:40]}” is no telephone number: check it; one looks like 0991-1234567.",
            )
        )
    return number


def _contact(email: str, telephone: str) -> dict[str, str | None]:
    return {"email": good_email(email) or None, "telephone": good_telephone(telephone) or None}


def _signed_in(actor: Actor) -> int:
    if actor.person_id is None:
        raise NotAllowed(Text("请先登录。", "Sign in first."))
    return actor.person_id


def _tell_change(desk: Desk, tx: Transaction, row: PersonRow, values: Mapping[str, str | None]) -> None:
    """Enter what changed of a person; addresses and telephone numbers masked. Of a new address the one before is told."""
    changed = {name: value for name, value in values.items() if value != getattr(row, name)}
    before = {name: _mask_value(name, getattr(row, name)) for name in changed}
    after = {name: _mask_value(name, value) for name, value in changed.items()}
    tell(f"更改人员信息：{row.name}", place=place_of(tx, row.id, desk.clock.now()), before=before, after=after)
    if "email" in changed:
        told = masked(changed["email"] or "")
        tell_of_means(desk, tx, row.id, OwnChange.ADDRESS, told, before=row.email)


def _mask_value(name: str, value: str | None) -> str:
    return value or "" if name == "name" else masked(value or "")


@dataclass(frozen=True, slots=True)
class MessageWays:
    """The channels by which messages leave here, the person's address and language, what is chosen by (kind, channel)."""

    channels: tuple[str, ...]
    email: str | None
    language: str
    chosen: Mapping[tuple[str, str], str]


@guarded("preference.keep")
def view_ways(desk: Desk, actor: Actor) -> MessageWays:
    """Return how the actor gets messages; mail is named even where no server is set, a gateway only where there is one."""
    assert actor.person_id is not None
    kept = find_setting(desk, actor, KEY)
    with desk.store.read() as tx:
        person = tx.people.get(actor.person_id)
    channels = ("mail", *(c.name for c in desk.channels if c.leaves and c.name != "mail"))
    return MessageWays(channels, person.email, person.language, {place: _read_wish(kept, *place) for place in CHOICES})


@guarded("preference.keep")
def choose_ways(desk: Desk, actor: Actor, chosen: Mapping[tuple[str, str], str]) -> None:
    """Keep what the actor chose by (kind, channel); what is not among ``chosen`` stays as it is.

    Raises:
        Invalid: something that is not offered.
    """
    for place, wish in chosen.items():
        if wish not in CHOICES.get(place, ()):
            raise Invalid(Text("请从列出的方式中选择。", "Choose one of the ways that are offered."))

    def changed(kept: object) -> dict[str, dict[str, str]]:
        found: dict[str, dict[str, str]] = {}
        for kind, channel in CHOICES:
            wish = chosen.get((kind, channel), _read_wish(kept, kind, channel))
            if wish != CHOICES[kind, channel][0]:
                found.setdefault(kind, {})[channel] = wish
        return found

    keep_setting(desk, actor, KEY, changed)


@guarded("preference.keep")
def choose_language(desk: Desk, actor: Actor, language: str) -> None:
    """Let messages come in a language of the installation; pages are in it too where no other was chosen beside them.

    Raises:
        Invalid: the installation does not have it.
    """
    assert actor.person_id is not None
    if language not in message_languages():
        raise Invalid(Text("请从列出的语言中选择。", "Choose one of the languages that are offered."))
    with desk.store.write() as tx:
        tx.people.change(actor.person_id, language=language)


def message_languages() -> tuple[str, ...]:
    """Return the languages in which messages may come: those of the installation that an account can name."""
    return tuple(language for language in languages() if len(language) <= LONGEST_LANGUAGE)


def _read_wish(kept: object, kind: str, channel: str) -> str:
    of_kind = kept.get(kind) if isinstance(kept, Mapping) else None
    wish = of_kind.get(channel) if isinstance(of_kind, Mapping) else None
    offered = CHOICES[kind, channel]
    return wish if isinstance(wish, str) and wish in offered else offered[0]


@guarded("preference.keep")
def find_setting(desk: Desk, actor: Actor, key: str) -> Json:
    """Return what the actor chose under ``key``; None when they never did."""
    assert actor.person_id is not None
    with desk.store.read(once=True) as tx:
        return tx.preferences.chosen(actor.person_id, key)


@guarded("preference.keep")
def keep_setting(desk: Desk, actor: Actor, key: str, change: Callable[[Json], Json]) -> Json:
    """Keep what ``change`` makes of what the actor chose under ``key`` before (None: nothing); returns what is kept."""
    assert actor.person_id is not None
    with desk.store.write() as tx:
        value = change(tx.preferences.chosen(actor.person_id, key))
        tx.preferences.put(PersonSettingRow(person_id=actor.person_id, key=key, value=value, at=desk.clock.now()))
    return value
