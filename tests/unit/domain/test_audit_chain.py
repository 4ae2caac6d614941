from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.proof.audit_chain import ERASURE, AuditEvent, Link, chain, event_hash, first_broken, vouched_for

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
EVENTS = [AuditEvent(NOON, "李", "accept", text, 7, "Accept", {"分数": 61.5}) for text in ("一", "二", "三")]


def test_a_chain_is_numbered_and_each_event_holds_the_hash_of_the_one_before() -> None:
    links = chain(9, 0, "", EVENTS)
    assert [link.seq for link in links] == [1, 2, 3]
    assert [link.previous for link in links] == ["", links[0].hash, links[1].hash]
    assert first_broken(9, links) is None


def test_a_chain_written_in_parts_is_the_chain_written_at_once() -> None:
    first = chain(9, 0, "", EVENTS[:1])
    assert [*first, *chain(9, 1, first[-1].hash, EVENTS[1:])] == chain(9, 0, "", EVENTS)


def test_nothing_to_append_leaves_the_chain_as_it_is() -> None:
    assert chain(9, 3, "x", []) == []
    assert first_broken(9, []) is None


def test_every_part_of_an_event_counts() -> None:
    event, other = EVENTS[0], NOON + timedelta(microseconds=1)
    changes = [
        {"at": other},
        {"actor": "王"},
        {"action": "refuse"},
        {"text": "改"},
        {"person_id": None},
        {"element": None},
        {"data": {"分数": 61}},
    ]
    hashes = {event_hash(9, 1, "", replace(event, **change)) for change in changes}  # type: ignore[arg-type]
    assert len(hashes | {event_hash(9, 1, "", event)}) == len(changes) + 1


def test_case_place_and_predecessor_count() -> None:
    assert len({event_hash(*place, EVENTS[0]) for place in ((9, 1, ""), (8, 1, ""), (9, 2, ""), (9, 1, "x"))}) == 4


def test_the_zone_an_instant_is_written_in_does_not_count() -> None:
    china = replace(EVENTS[0], at=NOON.astimezone(timezone(timedelta(hours=8))))
    assert event_hash(9, 1, "", china) == event_hash(9, 1, "", EVENTS[0])


@given(st.integers(0, 2), st.sampled_from(["remove", "swap", "forge"]))
def test_tampering_is_found_at_the_first_place_it_touches(place: int, kind: str) -> None:
    links = chain(9, 0, "", EVENTS)
    if kind == "remove":
        tampered, expected = links[:place] + links[place + 1 :], place + 1 if place < 2 else None
    elif kind == "swap":
        other = (place + 1) % 3
        tampered, expected = list(links), min(place, other) + 1
        tampered[place], tampered[other] = tampered[other], tampered[place]
    else:
        tampered, expected = list(links), place + 1
        tampered[place] = Link(place + 1, EVENTS[place], links[place].previous, "0" * 64)
    assert first_broken(9, tampered) == expected


@pytest.mark.parametrize("named", [{"1*": "ab", "²": "cd", "x": "ef"}, ["1"], "1", None])
def test_an_erasure_that_names_no_number_vouches_for_nothing(named: object) -> None:
    event = AuditEvent(NOON, "系统", ERASURE, "清除", None, None, {"events": named})
    assert vouched_for([(5, event)]) == {}
    assert first_broken(9, chain(9, 0, "", [*EVENTS, event])) is None
