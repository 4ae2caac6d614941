"""The heading of a page: the city and the award that it is about."""

from __future__ import annotations

from flask import g, request

from service.casework.access.actor import Seat
from service.catalog import Package
from service.store.errors import Unreachable
from service.web.frame.page.names import city_name, published
from service.web.frame.requests.current import say, t


def about(jurisdiction: str, award: str = "") -> str:
    """Say which city, and which of its awards, this page is about; return the city's name."""
    g.about = (jurisdiction, award)
    return city_name(jurisdiction)


def about_package(package: Package | None) -> str:
    """Say which award this page is about; return the city's name, "" for a page about none."""
    return about(*package.key.split("/", 1)) if package is not None else ""


def about_packages() -> tuple[Package, ...]:
    """Return the published packages of the city, and the award, that this page is about."""
    jurisdiction, award = g.get("about") or _addressed() or ("", "")
    return tuple(p for p in published().packages if p.jurisdiction.id == jurisdiction and award in ("", p.award.id))


def heading(seat: Seat | None, broken: bool) -> tuple[str | None, str | None]:
    """Return the names of the city and of the award to show, None where the page is about none.

    What the page says goes before its address, that before the reader's seat, that before the only
    city there is. Where only the city is known, its only award is meant.
    """
    if broken:
        return None, None
    jurisdiction, award = g.get("about") or _addressed() or (seat.jurisdiction if seat else "*", "")
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


def brand(city: str | None, award: str | None) -> str:
    """Return what the header says: the award's own name; a city with several is named alone."""
    if award or not city:
        return award or t("政府质量奖", "Government Quality Award")
    return city + t("奖项", " awards")


def _addressed() -> tuple[str, str] | None:
    """Return the city and the award that the address of the page names."""
    named = request.view_args or {}
    return (named["jurisdiction"], named.get("award", "")) if "jurisdiction" in named else None
