"""A person's profile: name, address for mail, telephone, language, and what they chose for themselves."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated

from service.casework.access.actor import Actor
from service.casework.access.book.acting import describe_current_act
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.people.factors.tell import OwnChange, tell_of_means, tell_of_name
from service.casework.people.place_of import place_of
from service.casework.people.rights.people_shown import require_whole_person
from service.casework.people.rights.rights import require_no_officer
from service.domain.errors import Invalid
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
    called, values = good_name(name), _read_contact(email, telephone)
    with desk.store.write() as tx:
        require_whole_person(tx, actor, person_id)
        require_no_officer(tx, actor, person_id, desk.clock.now())
        row = tx.people.get(person_id)
        called = row.name if seen is not None and name == seen.name else called
        values = _changed_alone(row, values, seen, email, telephone)
        tx.people.change(person_id, name=called, **values)
        if called != row.name:
            tell_of_name(desk, tx, actor, person_id, row.name)
        _tell_change(desk, tx, row, {"name": called, **values})


@guarded("profile.change")
def get_actor_profile(desk: Desk, actor: Actor) -> Profile:
    """Return what is on record of the actor."""
    with desk.store.read() as tx:
        row = tx.people.get(actor.signed_in_id)
    return Profile(row.name, row.email or "", row.telephone or "")


@guarded("profile.change")
def change_actor_profile(desk: Desk, actor: Actor, email: str, telephone: str, seen: Profile | None = None) -> None:
    """Set the actor's own address and telephone; the name, which stands on records, is changed by an administrator.

    What stands as the page showed it (``seen``) stays what it is on record by now.

    Raises:
        Invalid: no address or number.
    """
    values = _read_contact(email, telephone)
    with desk.store.write() as tx:
        row = tx.people.get(actor.signed_in_id)
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


def good_name(name: str, field: str = "name") -> str:
    """Return the name of a person as it is kept; raises Invalid about ``field`` where there is none."""
    called = " ".join(name.split())
    if not called or len(called) > 80:
        raise Invalid(Text("请填写姓名（80 字以内）。", "Enter the person's name (up to 80 characters)."), field=field)
    return called


def good_email(email: str) -> str:
    """Return an address as it is kept, "" for none; raises Invalid where it is none."""
    address = clean_word(email)
    if address and not is_address(address):
        raise Invalid(
            Text(
                f"“{address[:80]}”不是邮箱地址，请核对，例如 zhao@example.cn。",
                f"“{address[:80]}” is no e-mail address: check it; one looks like zhao@example.cn.",
            ),
            field="email",
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
            ),
            field="telephone",
        )
    return number


def _read_contact(email: str, telephone: str) -> dict[str, str | None]:
    return {"email": good_email(email) or None, "telephone": good_telephone(telephone) or None}


def _tell_change(desk: Desk, tx: Transaction, row: PersonRow, values: Mapping[str, str | None]) -> None:
    """Enter what changed of a person; addresses and telephone numbers masked. Of a new address the one before is told."""
    changed = {name: value for name, value in values.items() if value != getattr(row, name)}
    before = {name: _mask_value(name, getattr(row, name)) for name in changed}
    after = {name: _mask_value(name, value) for name, value in changed.items()}
    describe_current_act(
        f"更改人员信息：{row.name}", place=place_of(tx, row.id, desk.clock.now()), before=before, after=after
    )
    if "email" in changed:
        masked_address = masked(changed["email"] or "")
        tell_of_means(desk, tx, row.id, OwnChange.ADDRESS, masked_address, before=row.email)


def _mask_value(name: str, value: str | None) -> str:
    return value or "" if name == "name" else masked(value or "")


@guarded("preference.keep")
def get_message_language(desk: Desk, actor: Actor) -> str:
    """Return the language in which messages come."""
    with desk.store.read() as tx:
        return tx.people.get(actor.signed_in_id).language


@guarded("preference.keep")
def choose_language(desk: Desk, actor: Actor, language: str) -> None:
    """Let messages come in a language of the installation; pages are in it too where no other was chosen beside them.

    Raises:
        Invalid: the installation does not have it.
    """
    if language not in message_languages():
        raise Invalid(Text("请从列出的语言中选择。", "Choose one of the languages that are offered."))
    with desk.store.write() as tx:
        tx.people.change(actor.signed_in_id, language=language)


def message_languages() -> tuple[str, ...]:
    """Return the languages in which messages may come: those of the installation that an account can name."""
    return tuple(language for language in languages() if len(language) <= LONGEST_LANGUAGE)


@guarded("preference.keep")
def find_setting(desk: Desk, actor: Actor, key: str) -> Json:
    """Return what the actor chose under ``key``; None when they never did."""
    with desk.store.read(once=True) as tx:
        return tx.preferences.chosen(actor.signed_in_id, key)


@guarded("preference.keep")
def keep_setting(desk: Desk, actor: Actor, key: str, change: Callable[[Json], Json]) -> Json:
    """Keep what ``change`` makes of what the actor chose under ``key`` before (None: nothing); returns what is kept."""
    with desk.store.write() as tx:
        value = change(tx.preferences.chosen(actor.signed_in_id, key))
        tx.preferences.put(PersonSettingRow(person_id=actor.signed_in_id, key=key, value=value, at=desk.clock.now()))
    return value
