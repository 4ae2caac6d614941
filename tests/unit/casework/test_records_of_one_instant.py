"""Of two records of a row that bear one instant the later one holds; what a program before told counts as it did."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import permutations
from typing import Any

import pytest

from service.casework.records.compare import OnRecord
from service.store import DecidingRow, ToldOfRows, digest_of, told_at

KEY, ROW = b"k" * 32, "form_result:7"
AT = datetime(2026, 3, 2, 1, tzinfo=UTC)


def told(place: str, value: str | None, **said: Any) -> ToldOfRows:
    rows = {ROW: None if value is None else {"data": digest_of(KEY, ROW, "data", value)}}
    return ToldOfRows(place, 1, AT, "x", {**told_at(KEY, AT, rows), **said})


def hows(entries: tuple[ToldOfRows, ...], value: str) -> list[str]:
    record = OnRecord(KEY)
    for entry in entries:
        record.hear([entry])
    return [one.how for one in record.faults_of(DecidingRow("form_result", (7,), {"data": value}), every=True)]


@pytest.mark.parametrize("turned", [False, True])
def test_of_two_of_one_instant_the_later_holds(turned: bool) -> None:
    entries = told("case 1", "before"), told("book city", "after")
    heard = entries[::-1] if turned else entries
    assert (hows(heard, "before"), hows(heard, "after")) == (["changed"], [])


@pytest.mark.parametrize("turned", [False, True])
def test_a_row_that_was_removed_at_the_instant_of_its_change_does_not_come_back(turned: bool) -> None:
    entries = told("case 1", "before"), told("book city", None)
    assert hows(entries[::-1] if turned else entries, "before") == ["returned"]
    again = told("case 1", None), told("book city", "after")
    assert hows(again[::-1] if turned else again, "after") == []


def test_nobody_without_the_key_makes_a_record_the_later_one() -> None:
    older, newer = told("case 1", "before"), told("book city", "after")
    number, _, mac = str(newer.told["order"]).partition(".")
    for forged in (f"{int(number) + 10**9}.{mac}", f"{int(number) + 10**9}", newer.told["order"]):
        raised = told("case 1", "before", order=forged, seal=older.told["seal"])
        assert all(hows(each, "before") == ["changed"] for each in permutations((raised, newer)))


def test_of_a_program_before_both_are_accepted_and_what_is_told_now_holds_against_them() -> None:
    former = told("case 1", "a", order=""), told("book city", "b", order="")
    assert (hows(former, "a"), hows(former, "b")) == ([], [])
    now = (*former, told("case 2", "c"))
    assert (hows(now, "a"), hows(now, "c")) == (["changed"], [])
