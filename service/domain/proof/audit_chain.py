"""The audit chain: a case's history as a chain of hashes, in which any change is detected."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from service.domain.proof.algorithms import SHA256, algorithm_of, named_digest
from service.domain.proof.fact_changes import changes_digest

ERASURE = "content_erased"
"""Action of the event that says which earlier events lost their words: ``data["events"]``, number → hash of what is left; ``data["facts"]``
is the same for the changes of facts that stand beside events."""

FACTS_DIGEST = "facts_digest"
"""Under it the data of an event hold the digest of the changes of facts that stand beside it."""

ERASED = "〔已清除〕"
"""Stands where words were erased."""


@dataclass(frozen=True, slots=True)
class AuditEvent:
    """What happened: ``actor`` is who, in words; ``data`` is a JSON object without anything secret or personal.

    ``changed`` are the changes of facts that came with it (`fact_changes`): beside the event and not in its hash, since
    values may have to be erased. `beside` puts them there.
    """

    at: datetime
    actor: str
    action: str
    text: str
    person_id: int | None = None
    element: str | None = None
    data: Mapping[str, Any] = field(default_factory=dict)
    changed: Mapping[str, Any] | None = None
    salts: Mapping[str, str] | None = None
    """Of the rows whose hashes stand in ``data``: beside the event too, since they are erased with the content of a row."""


def beside(event: AuditEvent, changed: Mapping[str, Any]) -> AuditEvent:
    """Return ``event`` with changes of facts beside it, and their digest among its data."""
    return replace(event, data={**event.data, FACTS_DIGEST: changes_digest(changed)}, changed=changed)


@dataclass(frozen=True, slots=True)
class Link:
    """An event in its place: number ``seq`` of its case (from 1), hash of the one before, and its own hash, which names its algorithm."""

    seq: int
    event: AuditEvent
    previous: str
    hash: str


def event_hash(case_id: int, seq: int, previous: str, event: AuditEvent, by: str = SHA256) -> str:
    """Return the digest ``by`` an algorithm, which it names, over the canonical JSON of the event, its place and the hash before it."""
    return named_digest(_encode_canonical(case_id, seq, previous, event), by)


def append_events(case_id: int, seq: int, previous: str, events: Iterable[AuditEvent], by: str = SHA256) -> list[Link]:
    """Append ``events`` after event number ``seq`` whose hash is ``previous`` (0 and "" at the beginning).

    ``by`` is the algorithm of the new hashes; those before may be of another.
    """
    links: list[Link] = []
    for event in events:
        seq += 1
        link_hash = event_hash(case_id, seq, previous, event, by)
        links.append(Link(seq, event, previous, link_hash))
        previous = link_hash
    return links


def first_broken(
    case_id: int,
    links: Sequence[Link],
    masked: Collection[int] = (),
    unseen: Collection[int] = (),
    after: tuple[int, str] = (0, ""),
) -> int | None:
    """Return the number of the first event that is missing, changed or out of place; None when all hold.

    ``after`` are number and hash of the event before these, where a long chain is looked at in pages.

    An event whose words were erased keeps its hash, and so its place in the chain. What is left of it holds where the
    newest later event of erasure that names it, itself unchanged, vouches for it, and the marker stands in it. The same
    counts for the changes of facts beside an event. Of those ``masked`` by whoever hands the chain out the hash is taken
    as it is; of those ``unseen`` the changes beside them were left out or masked.
    """
    (last, previous), changed = after, dict[int, str]()
    for expected, link in enumerate(links, start=last + 1):
        if (link.seq, link.previous) != (expected, previous):
            return min((*changed, expected))
        true_hash = _hash_of(case_id, link)
        if link.hash != true_hash and expected not in masked:
            changed[expected] = true_hash
        previous = link.hash
    sound = [(link.seq, link.event) for link in links if link.seq not in changed]
    vouched = vouched_for(sound)
    marked = {link.seq for link in links if link.seq in changed and is_marked(link.event)}
    broken = [seq for seq, digest in changed.items() if seq not in marked or vouched.get(seq) != digest]
    broken += _other_facts(links, vouched_for(sound, "facts"), unseen)
    return min(broken, default=None)


def _hash_of(case_id: int, link: Link) -> str:
    """Return the digest of an event in its place; "" of values that no event holds: they were written beside the program."""
    try:
        return event_hash(case_id, link.seq, link.previous, link.event, algorithm_of(link.hash))
    except (AttributeError, TypeError, ValueError):
        return ""


def _data_of(event: AuditEvent) -> Mapping[str, Any]:
    """Return the data of an event; none where somebody wrote another value than an object there."""
    return event.data if isinstance(event.data, Mapping) else {}


def _other_facts(links: Iterable[Link], vouched: Mapping[int, str], unseen: Collection[int]) -> Iterator[int]:
    """Yield the numbers of the events beside which other changes of facts stand than their data say."""
    for link in links:
        stated_digest, beside_it = _data_of(link.event).get(FACTS_DIGEST), link.event.changed
        if link.seq in unseen or (stated_digest is None and beside_it is None):
            continue
        true_digest = None if beside_it is None else changes_digest(beside_it)
        erased = (
            true_digest is not None
            and vouched.get(link.seq) == true_digest
            and ERASED in json.dumps(beside_it, ensure_ascii=False)
        )
        if true_digest != stated_digest and not erased:
            yield link.seq


def vouched_for(events: Iterable[tuple[int, AuditEvent]], part: str = "events") -> dict[int, str]:
    """Return the hash of what is left of each event that these unchanged ones say was erased, the newest last.

    ``part`` "facts": of the changes of facts beside it.
    """
    hashes: dict[int, str] = {}
    for seq, event in events:
        if event.action == ERASURE:
            named = _data_of(event).get(part)
            numbered = (
                {str(other): str(digest) for other, digest in named.items()} if isinstance(named, Mapping) else {}
            )
            hashes |= {int(n): digest for n, digest in numbered.items() if n.isascii() and n.isdigit() and int(n) < seq}
    return hashes


def is_marked(event: AuditEvent) -> bool:
    """Return whether an event says of itself that words were erased in it."""
    return ERASED in event.actor or ERASED in event.text or ERASED in json.dumps(event.data, ensure_ascii=False)


_CANONICAL = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=dict)


def _encode_canonical(case_id: int, seq: int, previous: str, event: AuditEvent) -> bytes:
    """Sorted keys, no spaces, UTC with microseconds: the same bytes on every machine and database."""
    content = {
        "case": case_id,
        "seq": seq,
        "previous": previous,
        "at": event.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor": event.actor,
        "person": event.person_id,
        "action": event.action,
        "element": event.element,
        "text": event.text,
        "data": event.data,
    }
    return _CANONICAL.encode(content).encode()
