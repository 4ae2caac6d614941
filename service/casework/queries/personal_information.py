"""What anybody may know of personal data: for how long a place keeps them, by the rules in force."""

from __future__ import annotations

from dataclasses import dataclass

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.public.registrations import KEPT
from service.casework.reading.published import published
from service.casework.retention.rules import rules_of
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
class PersonalInformation:
    """What a place, "" for the usual ones, keeps for how long; ``request_days`` is the time of a request to register.

    ``places`` are those that have published a regulation, and whose times may be others.
    """

    jurisdiction: str
    city: Text | None
    kinds: tuple[KeptKind, ...]
    sheets: int | None
    mails: int | None
    request_days: int
    places: tuple[tuple[str, Text], ...]


@guarded("portal.view")
def view_personal_information(desk: Desk, actor: Actor, jurisdiction: str = "") -> PersonalInformation:
    """Return how long personal data are kept; raises NotFound where a place has published nothing."""
    del actor  # anybody; the guard has said so
    with desk.store.read() as tx:
        cities = {package.jurisdiction.id: package.jurisdiction.text for package in published(desk, tx).packages}
        if jurisdiction and jurisdiction not in cities:
            raise NotFound(Text("没有这个地方的评审办法。", "No regulation of that place is published."))
        rules = rules_of(tx, jurisdiction, local_date(desk.clock.now()))
    return PersonalInformation(
        jurisdiction=jurisdiction,
        city=cities[jurisdiction] if jurisdiction else None,
        kinds=tuple(
            KeptKind(text, _years(rules, kind, PERSONAL), _years(rules, kind, SECRET)) for kind, text in KINDS.items()
        ),
        sheets=_years(rules, "any", SHEETS),
        mails=_years(rules, "any", MAILS),
        request_days=KEPT.days,
        places=tuple(cities.items()),
    )


def _years(rules: dict[str, RetentionRule], kind: str, part: str) -> int | None:
    return rules[f"{kind}.{part}"].years
