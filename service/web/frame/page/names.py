"""Names of cities, roles and records in the reader's language, and the heading of a page."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache, partial
from typing import TypeAlias, cast

from flask import current_app, g, request

from service.casework.access.actor import BUILT_IN, Seat
from service.casework.people.rights.seats import BUILT_IN_ROLES
from service.casework.reading.english import English, english_of
from service.catalog import Package
from service.domain.text import Text, text_of
from service.domain.translation import translate_sentence
from service.store.errors import Unreachable
from service.web.frame.requests.current import language, say, t, the_desk
from service.web.frame.requests.sign_in import place_in_address

_KEY, _SECONDS = "laurel.names", 60.0
_AGAIN = 1.0
"""Seconds after which names that lack a city are read again: it may have been published since."""

_BUILT_IN = {
    **BUILT_IN_ROLES,
    "applicant": Text("申报组织", "Applicant"),
}


@dataclass(frozen=True, slots=True)
class PackageNames:
    """What the published packages call things; ``until`` is when to look again (monotonic seconds)."""

    until: float
    cities: Mapping[str, Text]
    roles: Mapping[tuple[str, str], Text]
    packages: tuple[Package, ...]


def published() -> PackageNames:
    """Return the names of everything published, those read before while the database is away; raises Unreachable."""
    cache_entry = cast("PackageNames | None", current_app.extensions.get(_KEY))
    if cache_entry is None or cache_entry.until < time.monotonic():
        try:
            cache_entry = current_app.extensions[_KEY] = _read_names()
        except Unreachable:
            if cache_entry is None:
                raise
    return cache_entry


def city_name(jurisdiction: str) -> str:
    """Return the name of a jurisdiction, its id when it is not published."""
    name = _get_names(jurisdiction).cities.get(jurisdiction)
    return say(name) if name else jurisdiction


def element_name(process_id: str, element: str) -> str:
    """Return the name of an element in the current version of its diagram, its id where it has none."""
    diagrams = (p.processes[process_id] for p in published().packages if process_id in p.processes)
    return next((say(d.elements[element].name) for d in diagrams if element in d.elements), "") or element


def kind_name(jurisdiction: str, kind: str) -> str:
    """Return the name of a kind of case in a jurisdiction (any when empty), its id when no package names it."""
    packages = (p for p in published().packages if jurisdiction in ("", p.jurisdiction.id))
    return next((say(p.award.processes[kind].text) for p in packages if kind in p.award.processes), kind)


def award_name(jurisdiction: str, award: str) -> str:
    """Return the name of an award of a jurisdiction (any when empty), its id when no package names it."""
    packages = (p for p in published().packages if jurisdiction in ("", p.jurisdiction.id))
    return next((say(p.award.text) for p in packages if p.award.id == award), award)


def role_title(jurisdiction: str, role: str) -> str:
    """Return the name of ``role`` in ``jurisdiction``, its id when no package names it."""
    roles = _get_names(jurisdiction).roles
    named = roles.get((jurisdiction, role)) or next((n for (_, r), n in roles.items() if r == role), None)
    return say(named or _BUILT_IN.get(role)) or role


def role_name(seat: Seat) -> str:
    """Return the name of the role that a seat holds."""
    return say(BUILT_IN_ROLES[seat.role]) if seat.role in BUILT_IN else role_title(seat.jurisdiction, seat.role)


def _get_names(jurisdiction: str) -> PackageNames:
    """Return the names, read again where they lack a city that was published a moment ago."""
    names = published()
    read = names.until - _SECONDS
    if jurisdiction in ("", "*") or jurisdiction in names.cities or read + _AGAIN > time.monotonic():
        return names
    current_app.extensions[_KEY] = replace(names, until=0.0)
    return published()


def _read_names() -> PackageNames:
    desk = the_desk()
    with desk.store.read() as tx:
        packages = tuple(desk.packages.all_current(tx))
    return PackageNames(
        time.monotonic() + _SECONDS,
        {p.jurisdiction.id: p.jurisdiction.text for p in packages},
        {(p.jurisdiction.id, role.id): role.text for p in packages for role in p.jurisdiction.roles.values()},
        packages,
    )


_ENGLISH = "laurel.english"

Words: TypeAlias = Text | Mapping[str, str] | str | None
"""A name, a sentence or a line of a record, as it is kept."""


def translate_name(words: Words) -> str:
    """Return a name, sentence or line of a record in the reader's language, as it is kept where nobody says it otherwise.

    A page has no Chinese where a package or a common word has English for it.
    """
    return build_namer(language())(words)


@cache
def build_namer(lang: str) -> Callable[[Words], str]:
    """Return what names in ``lang``, for a page that names hundreds of things: the ``say`` and ``named`` of templates."""
    return _in_chinese if lang == "zh" else partial(_translate_words, lang)


def steps_in_both(steps: Iterable[Text]) -> tuple[Text, ...]:
    """Return the names of steps with their English beside their Chinese, as programs read them."""
    english = build_namer("en")
    return tuple(Text(step.zh, english(step)) for step in steps)


def _in_chinese(words: Words) -> str:
    if not words:
        return ""
    if isinstance(words, str):
        return words
    return (words if isinstance(words, Text) else text_of(words)).zh


def _translate_words(lang: str, words: Words) -> str:
    if not words:
        return ""
    if isinstance(words, Mapping):
        words = text_of(words)
    if isinstance(words, Text):
        if words.en == words.zh and lang == "en":
            return _translate_words(lang, words.zh)
        return _translate_quotes(words.pick(lang), lang)
    return translate_sentence(words, lang) if lang != "en" else _get_english().line(words)


def join_names(names: Iterable[Text | Mapping[str, str] | str]) -> str:
    """Return several names, each as `named` says it, joined as the reader's language joins them."""
    return ("、" if language() == "zh" else ", ").join(translate_name(name) for name in names)


def _translate_quotes(text: str, lang: str) -> str:
    return _get_english().quoting(text) if lang == "en" and "“" in text else text


def _get_english() -> English:
    """Return the English of what is published now, looked up again only when that was read anew."""
    names = published()
    cache_entry = cast("tuple[PackageNames, English] | None", current_app.extensions.get(_ENGLISH))
    if cache_entry is None or cache_entry[0] is not names:
        cache_entry = current_app.extensions[_ENGLISH] = (names, english_of(names.packages))
    return cache_entry[1]


def about(jurisdiction: str, award: str = "") -> str:
    """Say which city, and which of its awards, this page is about; return the city's name."""
    g.about = (jurisdiction, award)
    return city_name(jurisdiction)


def about_package(package: Package | None) -> str:
    """Say which award this page is about; return the city's name, "" for a page about none."""
    return about(*package.key.split("/", 1)) if package is not None else ""


def about_packages() -> tuple[Package, ...]:
    """Return the published packages of the city, and the award, that this page is about."""
    jurisdiction, award = g.get("about") or _find_addressed() or ("", "")
    return tuple(p for p in published().packages if p.jurisdiction.id == jurisdiction and award in ("", p.award.id))


def heading(seat: Seat | None, broken: bool) -> tuple[str | None, str | None]:
    """Return the names of the city and of the award to show, None where the page is about none.

    What the page says goes before its address, that before the reader's seat, that before the only
    city there is. Where only the city is known, its only award is meant.
    """
    if broken:
        return None, None
    jurisdiction, award = _page_about(seat)
    try:
        cities = published().cities
    except Unreachable:  # a refusal has a page all the same
        return None, None
    if jurisdiction == "*" and len(cities) == 1:
        jurisdiction = next(iter(cities))
    if jurisdiction not in cities:
        return None, None
    names = [
        p.award.text for p in published().packages if p.jurisdiction.id == jurisdiction and award in ("", p.award.id)
    ]
    return say(cities[jurisdiction]), say(names[0]) if len(names) == 1 else None


def _page_about(seat: Seat | None) -> tuple[str, str]:
    """Return the place ("*" for none) and the award that a page is about; that of signing in, those of where it leads."""
    leads_to = place_in_address(request.values.get("next", "")) if seat is None else seat.jurisdiction
    return g.get("about") or _find_addressed() or (leads_to or "*", "")


def place_of_page() -> str:
    """Return the place that a page is about, "*" for none."""
    return _page_about(None)[0]


def format_brand(city: str | None, award: str | None) -> str:
    """Return what the header says: the award's own name; a city with several is named alone."""
    if award or not city:
        return award or t("政府质量奖", "Government Quality Award")
    return city + t("奖项", " awards")


def _find_addressed() -> tuple[str, str] | None:
    """Return the city and the award that the address of the page names."""
    named = request.view_args or {}
    return (named["jurisdiction"], named.get("award", "")) if "jurisdiction" in named else None
