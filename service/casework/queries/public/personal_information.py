"""What anybody may know of personal data: for how long a place keeps them, by the rules in force."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.public.registrations import KEPT
from service.casework.reading.published import published
from service.casework.retention.due import rules_of
from service.catalog import Package
from service.catalog.uses.piece_users import users_of_form
from service.domain.calendar import local_date
from service.domain.errors import NotFound
from service.domain.retention import KINDS, MAILS, PERSONAL, SECRET, SHEETS, RetentionRule
from service.domain.text import Text


@dataclass(frozen=True, slots=True)
class KeptKind:
    """A kind of case, and the years for which its personal data and its trade secrets are kept; None: for good."""

    kind: Text
    personal: int | None
    secret: int | None


@dataclass(frozen=True, slots=True)
class AskedPersonal:
    """Personal data that one form asks for: by which label, what for, and by which articles, the latter two may be empty."""

    form: Text
    label: Text
    purpose: Text
    articles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PersonalInformation:
    """What a place, "" for the usual ones, keeps for how long; ``request_days`` is the time of a request to register.

    ``places`` are those that have published a regulation, and whose times may be others.
    ``asked`` is what the forms of the place ask for, form by form.
    """

    jurisdiction: str
    city: Text | None
    kinds: tuple[KeptKind, ...]
    sheets: int | None
    mails: int | None
    request_days: int
    places: tuple[tuple[str, Text], ...]
    asked: tuple[AskedPersonal, ...]


@guarded("portal.view")
def view_personal_information(desk: Desk, actor: Actor, jurisdiction: str = "") -> PersonalInformation:
    """Return how long personal data are kept; raises NotFound where a place has published nothing."""
    del actor  # anybody; the guard has said so
    with desk.store.read() as tx:
        publications = published(desk, tx)
        cities = {package.jurisdiction.id: package.jurisdiction.text for package in publications.packages}
        if jurisdiction and jurisdiction not in cities:
            raise NotFound(Text("没有这个地方的评审办法。", "No regulation of that place is published."))
        packages = publications.of(jurisdiction)
        rules = rules_of(tx, jurisdiction, local_date(desk.clock.now()))
    return PersonalInformation(
        jurisdiction=jurisdiction,
        city=cities[jurisdiction] if jurisdiction else None,
        kinds=tuple(
            KeptKind(text, _get_years(rules, kind, PERSONAL), _get_years(rules, kind, SECRET))
            for kind, text in KINDS.items()
        ),
        sheets=_get_years(rules, "any", SHEETS),
        mails=_get_years(rules, "any", MAILS),
        request_days=KEPT.days,
        places=tuple(cities.items()),
        asked=tuple(dict.fromkeys(line for package in packages for line in _list_personal(desk, package))),
    )


def _list_personal(desk: Desk, package: Package) -> tuple[AskedPersonal, ...]:
    return package.derived("asked personal", lambda: tuple(_work_out(desk, package)))


def _work_out(desk: Desk, package: Package) -> Iterator[AskedPersonal]:
    for ident in package.forms:
        if not users_of_form(package, ident, reading=False):
            continue
        form = desk.packages.form(package, ident)
        for field in form.fields():
            if field.personal:
                articles = tuple(dict.fromkeys(map(package.law.article, field.clauses)))
                yield AskedPersonal(form.title, field.label, field.purpose, articles)


def _get_years(rules: dict[str, RetentionRule], kind: str, part: str) -> int | None:
    return rules[f"{kind}.{part}"].years
