"""How a person gets messages: what they may choose, what always comes, and the way to each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.people.accounts.preferences import keep_setting, setting_of
from service.casework.step.message_choice import COLLEAGUE, DAILY, EACH, KEY, NEWS, OFF, REMINDER
from service.domain.errors import Invalid
from service.domain.text import Text
from service.domain.translation import languages

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
    kept = setting_of(desk, actor, KEY)
    with desk.store.read() as tx:
        person = tx.people.person(actor.person_id)
    channels = ("mail", *(c.name for c in desk.channels if c.leaves and c.name != "mail"))
    return MessageWays(channels, person.email, person.language, {place: _said(kept, *place) for place in CHOICES})


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
            wish = chosen.get((kind, channel), _said(kept, kind, channel))
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
        tx.people.update_person(actor.person_id, language=language)


def message_languages() -> tuple[str, ...]:
    """Return the languages in which messages may come: those of the installation that an account can name."""
    return tuple(language for language in languages() if len(language) <= LONGEST_LANGUAGE)


def _said(kept: object, kind: str, channel: str) -> str:
    of_kind = kept.get(kind) if isinstance(kept, Mapping) else None
    wish = of_kind.get(channel) if isinstance(of_kind, Mapping) else None
    offered = CHOICES[kind, channel]
    return wish if isinstance(wish, str) and wish in offered else offered[0]
