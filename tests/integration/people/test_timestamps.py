"""Anchors are stamped by an authority outside (RFC 3161): a real one, which the tests start and let misbehave."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from service.casework.access.actor import SYSTEM
from service.casework.desk.clock import VirtualClock
from service.casework.desk.desk import Desk
from service.casework.desk.premises import Premises
from service.casework.health.checks import look_quietly
from service.casework.health.finding import HealthFinding, Level
from service.casework.people.accounts.accounts import set_active
from service.casework.soundness.anchors import set_anchor
from service.casework.soundness.newest import anchors
from service.casework.soundness.stamps import (
    NotStamped,
    page_of_stamps,
    stamp_anchors,
    stamps_as_told,
    stamps_outside,
)
from service.domain.proof.timestamp import BadTimestamp, authority_from, stamped_at, timestamp_request
from service.office import asked_for_timestamp
from service.settings import TimestampsPlace, read_settings
from service.settings.reading import BadSetting
from tests.support.desks import Bench
from tests.support.timestamp_authority import (
    POLICY,
    TimestampAuthorityServer,
    timestamp_authority,
)


@pytest.fixture
def authority(tmp_path: Path) -> Iterator[TimestampAuthorityServer]:
    with timestamp_authority(tmp_path / "authority") as running:
        yield running


@pytest.fixture
def desk(bench: Bench, tmp_path: Path, authority: TimestampAuthorityServer) -> Desk:
    """Return a desk that keeps anchors outside and has an authority, with one anchor of just now."""
    (folder := tmp_path / "anchors").mkdir()
    bench.clock.move_to(datetime.now(UTC))
    held = replace(bench.desk, premises=Premises(anchors=folder, timestamps=authority.place))
    anchored(held, bench)
    return held


def anchored(desk: Desk, bench: Bench) -> None:
    """Set one anchor more."""
    active = anchored_before(desk) % 2 == 1
    set_active(desk, bench.admin, bench.stranger.person_id or 0, active)
    assert set_anchor(desk, SYSTEM, now=True) is not None


def anchored_before(desk: Desk) -> int:
    with desk.store.read() as tx:
        last = tx.anchors.last()
    return last.seq if last else 0


def found(desk: Desk) -> list[str]:
    return [one.en for one in stamps_as_told(desk)]


def executed(desk: Desk, sql: str, **given: object) -> None:
    """Do what somebody does who has the database alone."""
    with desk.store.write() as tx:
        tx._connection.execute(sa.text(sql), given)


def health(desk: Desk) -> HealthFinding:
    return next(one for one in look_quietly(desk, SYSTEM) if one.name == "timestamps")


def test_each_anchor_is_stamped_once_and_kept_here_and_outside(
    desk: Desk, bench: Bench, authority: TimestampAuthorityServer
) -> None:
    assert [stamp_anchors(desk, SYSTEM) for _ in range(2)] == [1, 0]
    for _ in range(3):
        anchored(desk, bench)
    assert (stamp_anchors(desk, SYSTEM), authority.asked) == (3, 4)
    kept, torn = stamps_outside(desk.premises.anchors or Path())
    with desk.store.read() as tx:
        rows, set_before = tx.anchors.whole_stamps(), tx.anchors.whole()
    assert [one.digest for one in kept] == [row.digest for row in rows] == [row.digest for row in set_before]
    assert (torn, found(desk)) == ([], [])
    assert (health(desk).level, health(desk).looked) == (Level.FINE, True)


def test_a_new_authority_begins_with_the_newest_anchor(desk: Desk, bench: Bench) -> None:
    anchored(desk, bench)
    assert stamp_anchors(desk, SYSTEM) == 1
    with desk.store.read() as tx:
        (row,) = tx.anchors.whole_stamps()
        assert row.digest == (tx.anchors.last() or row).digest


@pytest.mark.parametrize("mood", ["garbage", "broken", "long"])
def test_an_authority_that_is_away_is_asked_again_and_told_of_after_hours(
    desk: Desk, bench: Bench, authority: TimestampAuthorityServer, mood: str
) -> None:
    authority.mood = mood
    with pytest.raises(NotStamped):
        stamp_anchors(desk, SYSTEM)
    assert health(desk).level == Level.FINE
    bench.clock.move_to(bench.clock.now() + timedelta(hours=4))
    assert (health(desk).level, "1 anchors since" in health(desk).found.en) == (Level.WARNING, True)
    authority.mood = "well"
    assert (stamp_anchors(desk, SYSTEM), found(desk)) == (1, [])


def test_silence_ends_after_seconds(authority: TimestampAuthorityServer) -> None:
    authority.mood, begun = "silence", time.monotonic()
    with pytest.raises(OSError, match="no answer within 1 seconds"):
        asked_for_timestamp(authority.place.url, timestamp_request(b"x").der, 1000, seconds=1.0)
    assert time.monotonic() - begun < 60


def test_an_answer_to_another_request_is_not_taken(
    desk: Desk, bench: Bench, authority: TimestampAuthorityServer
) -> None:
    authority.mood = "again"
    assert stamp_anchors(desk, SYSTEM) == 1
    anchored(desk, bench)
    with pytest.raises(NotStamped, match="Nonce mismatch"):
        stamp_anchors(desk, SYSTEM)
    with desk.store.read() as tx:
        assert len(tx.anchors.whole_stamps()) == 1


@pytest.mark.parametrize(("days", "use"), [((-9, -2), "stamps"), ((-1, 30), "serves")])
def test_an_expired_certificate_or_one_for_another_use_stamps_nothing(
    desk: Desk, tmp_path: Path, days: tuple[int, int], use: str
) -> None:
    with timestamp_authority(tmp_path / "bad", days, use) as bad:
        held = replace(desk, premises=replace(desk.premises, timestamps=bad.place))
        with pytest.raises((NotStamped, BadTimestamp)):
            stamp_anchors(held, SYSTEM)
    with desk.store.read() as tx:
        assert tx.anchors.whole_stamps() == []


def test_what_a_foreign_authority_signs_is_not_taken_and_told_where_it_lies(desk: Desk, tmp_path: Path) -> None:
    with timestamp_authority(tmp_path / "foreign") as foreign:
        mixed = TimestampsPlace(foreign.place.url, (desk.premises.timestamps or foreign.place).certificates, "")
        with pytest.raises(NotStamped, match="certificate"):
            stamp_anchors(replace(desk, premises=replace(desk.premises, timestamps=mixed)), SYSTEM)
        assert stamp_anchors(replace(desk, premises=replace(desk.premises, timestamps=foreign.place)), SYSTEM) == 1
    told = found(desk)
    assert len(told) == 1, "the same token here and outside is one"
    assert told[0].startswith("the timestamp over anchor 1 does not hold (in the database")
    assert [one for one in anchors(desk) if not isinstance(one, int)], "laurel doctor --deep tells it, too"


def test_a_token_over_another_anchor_or_none_is_told(desk: Desk, bench: Bench) -> None:
    stamp_anchors(desk, SYSTEM)
    anchored(desk, bench)
    with desk.store.read() as tx:
        (row,), last = tx.anchors.whole_stamps(), tx.anchors.last()
    assert last is not None
    executed(desk, "update anchor_stamp set digest = :digest", digest=last.digest)
    assert any("over anchor 2 does not hold (in the database: Mismatch between messages" in one for one in found(desk))
    executed(desk, "update anchor_stamp set digest = :digest", digest="0" * 64)
    assert any(one.startswith("a timestamp is over no anchor (000000000000") for one in found(desk))
    executed(desk, "update anchor_stamp set digest = :digest, reply = 'x'", digest=row.digest)
    assert any("over anchor 1 does not hold (in the database" in one for one in found(desk))


def test_a_token_of_a_time_that_cannot_be_is_told(desk: Desk, bench: Bench) -> None:
    for _ in range(2):
        stamp_anchors(desk, SYSTEM)
        anchored(desk, bench)
    assert found(desk) == []
    yesterday = replace(desk, clock=VirtualClock(datetime.now(UTC) - timedelta(days=1)))
    assert sum("cannot be" in one for one in found(yesterday)) == 2, "stamped later than it is now"
    later = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    (told,) = page_of_stamps(desk, [1, 1, later]).wrong
    assert told.en == "the timestamp over anchor 1 is later than that over one after it: the first was taken away"
    page = page_of_stamps(desk, None, 0.0)
    assert (page.mark[0], page.looked_at) == (1, 1), "a piece at a time"
    assert page_of_stamps(desk, page.mark).wrong == []


def test_no_bytes_break_the_reading_of_an_answer(authority: TimestampAuthorityServer) -> None:
    request = timestamp_request(b"laurel")
    _, reply = authority.answer(request.der)
    known = authority_from(authority.place.certificates.read_bytes(), POLICY)
    assert stamped_at(reply, b"laurel", known, request.nonce) <= datetime.now(UTC)
    for place in range(0, len(reply), 7):
        for changed in (reply[:place], reply[:place] + bytes([reply[place] ^ 0xFF]) + reply[place + 1 :]):
            try:
                stamped_at(changed, b"laurel", known, request.nonce)
            except BadTimestamp:
                continue
    with pytest.raises(BadTimestamp):
        stamped_at(reply, b"laurels", known)
    with pytest.raises(BadTimestamp, match="Policy"):
        stamped_at(reply, b"laurel", replace(known, policy="1.2.3.5"))


def test_the_settings_name_what_is_missing(tmp_path: Path, authority: TimestampAuthorityServer) -> None:
    given = {"LAUREL_TIMESTAMPS": authority.place.url, "LAUREL_DATA": str(tmp_path)}
    for more in ({}, {"LAUREL_TIMESTAMPS_CERTIFICATES": str(tmp_path / "none.pem")}):
        with pytest.raises(BadSetting, match="LAUREL_TIMESTAMPS_CERTIFICATES"):
            read_settings({**given, **more})
    whole = {**given, "LAUREL_TIMESTAMPS_CERTIFICATES": str(authority.place.certificates)}
    with pytest.raises(BadSetting, match="LAUREL_TIMESTAMPS"):
        read_settings({**whole, "LAUREL_TIMESTAMPS_POLICY": "mine"})
    assert read_settings({**whole, "LAUREL_TIMESTAMPS_POLICY": POLICY}).timestamps == authority.place
