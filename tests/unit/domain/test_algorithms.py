"""Digests that name their algorithm: one chain may hold both, and the second program reads both."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from service.domain.proof.algorithms import DIGESTS, SHA256, SM3, algorithm_of, compute_digest, named_digest
from service.domain.proof.audit_chain import ERASED, ERASURE, AuditEvent, Link, append_events, event_hash, first_broken

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
EVENTS = [AuditEvent(NOON, "李", "accept", text, 7, "Accept", {"分数": 61}) for text in ("一", "二", "三", "四")]


def test_sm3_is_that_of_the_standard() -> None:
    """The first example of GB/T 32905-2016, appendix A."""
    assert compute_digest(b"abc", SM3).hex() == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"


@pytest.mark.parametrize("name", DIGESTS)
def test_a_digest_says_by_what_it_was_made_and_fits_into_its_column(name: str) -> None:
    made = named_digest(b"abc", name)
    assert algorithm_of(made) == name
    assert len(made) <= 64
    with pytest.raises(ValueError, match="md5"):
        named_digest(b"abc", "md5")


def mixed() -> list[Link]:
    """Return a chain whose later half was added after the setting was changed."""
    first = append_events(9, 0, "", EVENTS[:2])
    return [*first, *append_events(9, 2, first[-1].hash, EVENTS[2:], SM3)]


def test_a_chain_goes_on_by_the_other_algorithm_and_any_change_is_found() -> None:
    links = mixed()
    assert [algorithm_of(link.hash) for link in links] == [SHA256, SHA256, SM3, SM3]
    assert first_broken(9, links) is None
    for place, link in enumerate(links):
        other = [*links]
        other[place] = replace(link, event=replace(link.event, actor="王"))
        assert first_broken(9, other) == place + 1


def test_words_may_be_erased_from_an_entry_by_either_algorithm() -> None:
    links = mixed()
    left = [replace(link.event, text=ERASED) for link in links]
    vouched = {
        str(n): event_hash(9, n, links[n - 1].previous, left[n - 1], algorithm_of(links[n - 1].hash)) for n in (1, 4)
    }
    told = append_events(9, 4, links[-1].hash, [AuditEvent(NOON, "系统", ERASURE, "", data={"events": vouched})], SM3)
    erased = [replace(link, event=left[n]) if n in (0, 3) else link for n, link in enumerate(links)]
    assert first_broken(9, [*erased, *told]) is None
