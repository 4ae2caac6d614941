"""Whom the public asks: the telephone and address that a city has set, else those of its package."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from service.casework.desk.calendars import chosen_values
from service.casework.desk.desk import Desk
from service.casework.reading.published import Published
from service.catalog import Package
from service.domain.calendar import local_date
from service.domain.text import Text
from service.store import Transaction

CONTACT = "inquiry_contact"
"""The parameter that a city fills in."""


TELEPHONE = re.compile(r"(?<!\d)(?:0\d{2,3}[-—－ ]?\d{7,8}|400[-－ ]?\d{3}[-－ ]?\d{4}|1[3-9]\d{9})(?!\d)")
"""A number of a place with its prefix, of a service, or of a mobile telephone, as notices write them."""

_SEPARATORS = " \t\n\u3000，,；;、。"
_LABEL = re.compile(r"(?:咨询|联系|办公|值班)?(?:电话|手机|热线)(?:[:：]\s*|(?=[\s，,；;、。]|$))")
_NUMBER = re.compile(
    rf"(?:(?:咨询|联系|办公|值班)?(?:电话|手机|热线)\s*[:：]?\s*)?(?:{TELEPHONE.pattern})"
    r"(?:\s*(?:转|[-－—])\s*\d{1,6})?(?:\s*[、/]\s*\d{7,8}(?!\d))*"
)
"""A telephone with the word before it, its extension, and the further numbers of the same place."""
_EMPTY = re.compile(r"[（(]\s*[）)]")
_BETWEEN = re.compile(rf"[{_SEPARATORS}]*[，,；;、。][{_SEPARATORS}]*")


@dataclass(frozen=True, slots=True)
class Contact:
    """Who answers questions and how they are reached: ``words`` are the telephone and address, "" where none are set.

    ``package`` is where an administrator sets them.
    """

    office: Text
    words: str
    package: str


def contacts_of(
    desk: Desk, tx: Transaction, publications: Published, jurisdiction: str | None
) -> Mapping[str, Contact]:
    """Return whom to ask in a city, or in each; one SQL statement. What is set today holds for running rounds too."""
    packages = [
        place_package
        for place_package in publications.packages
        if jurisdiction in (None, place_package.jurisdiction.id)
    ]
    rows = tx.settings.select(package=[place_package.key for place_package in packages], parameter=CONTACT)
    today, contacts = local_date(desk.clock.now()), dict[str, Contact]()
    for package in packages:
        parameter = package.award.parameters.get(CONTACT)
        chosen = chosen_values([row for row in rows if row.package == package.key], package)
        value = None
        if parameter is not None:
            value = (parameter.with_set(chosen[CONTACT]) if CONTACT in chosen else parameter).value_on(today)
        words = str(value or "").strip() or _of_package(package)
        before = contacts.get(package.jurisdiction.id)
        if before is None or (words and not before.words):
            contacts[package.jurisdiction.id] = Contact(_get_office_name(package), words, package.key)
    return contacts


def names_telephone(words: str) -> bool:
    """Return whether a text says itself at which number to ask, so that no second one is to stand below it."""
    return TELEPHONE.search(words) is not None


def format_contact_beside(text: str, contact: str) -> str:
    """Return what of a telephone and address stands below a text: the address alone where it names a telephone itself.

    Nothing is said twice: an address that stands in the text is left out as well.
    """
    if not names_telephone(text):
        return contact
    remainder = _EMPTY.sub("", _LABEL.sub("", _NUMBER.sub("", contact)) if names_telephone(contact) else contact)
    words = _BETWEEN.sub("，", remainder.strip(_SEPARATORS))
    return "" if "".join(words.split()) in "".join(text.split()) else words


@dataclass(frozen=True, slots=True)
class ContactBelow:
    """What stands below a notice: the words of the city's ``contact``, else telephone and address of who posted it."""

    contact: str = ""
    telephone: str = ""
    address: str = ""


def reach_below(text: str, contact: Contact | None, telephone: str, address: str) -> ContactBelow:
    """Return what stands below a notice that says ``text``, each left out where the text says it."""
    if contact is not None and contact.words:
        return ContactBelow(format_contact_beside(text, contact.words))
    return (
        ContactBelow("", "", format_contact_beside(text, address))
        if names_telephone(text)
        else ContactBelow("", telephone, address)
    )


def lines_to_ask(desk: Desk, tx: Transaction, package: Package, text: str) -> list[str]:
    """Return what papers that say ``text`` add of whom to ask in the place of ``package``, as set today.

    Nothing where none is set.
    """
    contacts = contacts_of(desk, tx, Published((package,)), None).values()
    label = "咨询地址" if names_telephone(text) else "咨询电话和地址"
    return [f"{label}：{words}" for each in contacts if (words := format_contact_beside(text, each.words))]


def _get_office_name(package: Package) -> Text:
    office = next((body for body in package.jurisdiction.bodies if body.kind == "office"), None)
    return Text(office.name, office.name_en or office.name) if office else Text("办公室", "the office")


def _of_package(package: Package) -> str:
    office = next((body for body in package.jurisdiction.bodies if body.kind == "office"), None)
    return "，".join(part for part in (office.phone, office.address) if part) if office else ""
