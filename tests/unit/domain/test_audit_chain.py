from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.proof.audit_chain import (
    ERASED,
    ERASURE,
    AuditEvent,
    Link,
    append_events,
    beside,
    event_hash,
    first_broken,
    vouched_for,
)
from service.domain.proof.fact_changes import (
    FactChange,
    LongValue,
    changes_digest,
    erased_changes,
    read_changes,
    to_stored_changes,
)
from service.domain.proof.signing import is_signature, public_key, signature_over

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
EVENTS = [AuditEvent(NOON, "李", "accept", text, 7, "Accept", {"分数": 61.5}) for text in ("一", "二", "三")]


def test_a_chain_is_numbered_and_each_event_holds_the_hash_of_the_one_before() -> None:
    links = append_events(9, 0, "", EVENTS)
    assert [link.seq for link in links] == [1, 2, 3]
    assert [link.previous for link in links] == ["", links[0].hash, links[1].hash]
    assert first_broken(9, links) is None


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


@given(st.integers(0, 2), st.sampled_from(["remove", "swap", "forge"]))
def test_tampering_is_found_at_the_first_place_it_touches(place: int, kind: str) -> None:
    links = append_events(9, 0, "", EVENTS)
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
    assert first_broken(9, append_events(9, 0, "", [*EVENTS, event])) is None


# Ed25519 signatures of the installation.

SECRET = bytes(range(32))


MESSAGE = "二〇二六年计票".encode()


def test_a_signature_is_that_of_the_standard() -> None:
    """The second example of RFC 8032, 7.1."""
    secret = bytes.fromhex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb")
    assert public_key(secret) == "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"
    assert signature_over(b"\x72", secret).startswith("92a009a9f0d4cab8720e820b5f642540")


@pytest.mark.parametrize("key", ["", "ab", "sm2:", "z" * 64, public_key(bytes(32))])
def test_what_another_key_signed_or_was_changed_does_not_hold(key: str) -> None:
    signature = signature_over(MESSAGE, SECRET)
    assert is_signature(signature, MESSAGE, public_key(SECRET))
    assert not is_signature(signature, MESSAGE, key)
    assert not is_signature(signature, MESSAGE + b"1", public_key(SECRET))
    assert not is_signature(signature[:-2], MESSAGE, public_key(SECRET))


# Changes of facts: what is kept of them, what proves them, and what is left once values are erased.

SALT = "00" * 12


CHANGES = [
    FactChange("stage", None, "open", "round/open", None),
    FactChange("deadline", "2026-03-31", "2026-04-02", "round/open", None),
    FactChange("note", "张三的说明", None, None, "李"),
    FactChange("note", None, "再改", None, "李"),
]


def test_what_is_kept_reads_as_it_was_and_says_nothing_twice() -> None:
    kept = to_stored_changes(CHANGES, "李", SALT)
    assert list(read_changes(kept, "李")) == CHANGES
    assert kept["steps"] == [
        {"step": "round/open", "new": {"stage": "open", "deadline": "2026-04-02"}, "old": {"deadline": "2026-03-31"}},
        {"old": {"note": "张三的说明"}},
        {"new": {"note": "再改"}},
    ]
    other = to_stored_changes(CHANGES[:1], "李", SALT)
    assert "by" not in other["steps"][0]
    by = replace(CHANGES[0], step=None, who="王")
    assert list(read_changes(to_stored_changes([by], "李", SALT), "李")) == [by]


def test_a_long_value_is_kept_in_short_form_that_is_salted() -> None:
    rows, text = [{"name": f"第{n}家企业", "case": n} for n in range(40)], "说" * 500
    changes = [FactChange("rows", None, rows, "a/b", None), FactChange("text", text, None, "a/b", None)]
    kept = to_stored_changes(changes, "", SALT)
    assert len(str(kept)) < 800
    [many, long] = read_changes(kept, "")
    assert isinstance(many.new, LongValue)
    assert isinstance(long.old, LongValue)
    assert (many.new.items, many.new.beginning, long.old.items, long.old.beginning) == (40, None, 500, "说" * 100)
    other = next(read_changes(to_stored_changes(changes, "", "11" * 12), ""))
    assert other.new.sha256 != many.new.sha256


def test_erasing_takes_words_salt_and_digests_and_is_told_once() -> None:
    def erase(value: object) -> object:
        return value.replace("张三", ERASED) if isinstance(value, str) else value

    kept = to_stored_changes(CHANGES, "李", SALT)
    left = erased_changes(kept, erase, ERASED, whole=False)
    assert left is not None
    assert left["salt"] == ERASED
    assert [c.old for c in read_changes(left, "李")] == [None, "2026-03-31", f"{ERASED}的说明", None]
    assert erased_changes(left, erase, ERASED, whole=False) is None
    assert erased_changes(to_stored_changes(CHANGES[:2], "李", SALT), erase, ERASED, whole=False) is None
    whole = erased_changes(kept, erase, ERASED, whole=True)
    assert whole is not None
    assert {c.new for c in read_changes(whole, "李")} == {ERASED, None}
    long = to_stored_changes([FactChange("text", None, "张三" * 300, None, "李")], "李", SALT)
    gone = erased_changes(long, erase, ERASED, whole=False)
    assert "张" not in str(gone)
    assert len(str(gone)) < 200


def history(kept: dict[str, object]) -> list[Link]:
    events = [beside(AuditEvent(NOON, "李", "completed", "提交"), kept), AuditEvent(NOON, "李", "note", "记载")]
    return append_events(9, 0, "", events)


def test_what_stands_beside_an_entry_cannot_be_changed_removed_or_added_unseen() -> None:
    kept = to_stored_changes(CHANGES, "李", SALT)
    links = history(kept)
    assert first_broken(9, links) is None
    for place, changed in ((0, to_stored_changes(CHANGES[:1], "李", SALT)), (0, None), (1, kept)):
        other = list(links)
        other[place] = replace(links[place], event=replace(links[place].event, changed=changed))
        assert first_broken(9, other) == place + 1
        assert first_broken(9, other, unseen={place + 1}) is None


def test_what_is_left_after_an_erasure_holds_where_a_later_entry_vouches_for_it() -> None:
    kept = to_stored_changes(CHANGES, "李", SALT)
    left = erased_changes(kept, lambda _: ERASED, ERASED, whole=True)
    assert left is not None
    links = history(kept)
    links[0] = replace(links[0], event=replace(links[0].event, changed=left))
    assert first_broken(9, links) == 1
    told = AuditEvent(NOON, "王", ERASURE, "清除", data={"events": {}, "facts": {"1": changes_digest(left)}})
    whole = [*links, *append_events(9, 2, links[1].hash, [told])]
    assert first_broken(9, whole) is None
    more = replace(whole[0], event=replace(whole[0].event, changed={**left, "steps": []}))
    assert first_broken(9, [more, *whole[1:]]) == 1
