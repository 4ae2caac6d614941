"""What the record of a package says of its versions: published once more, withdrawn, brought back."""

from __future__ import annotations

from datetime import UTC, datetime

from service.casework.reading.published import published_again, withdrawals
from service.store.models import DefinitionRow, PackageEventRow


def day(number: int) -> datetime:
    return datetime(2026, 3, number, 9, tzinfo=UTC)


def row(version: str, on: int) -> DefinitionRow:
    return DefinitionRow(version=version, package="a/b", content=b"", published_at=day(on), published_by="周管理")


def event(on: int, action: str, version: str, **data: str) -> PackageEventRow:
    facts = {"version": version, **data}
    return PackageEventRow(
        package="a/b", seq=on, at=day(on), actor="周管理", action=action, text="", data=facts, previous="", hash=""
    )


def test_a_version_published_once_more_is_told_with_its_newest_day() -> None:
    rows = [row("new", 2), row("old", 1)]
    events = [event(2, "published", "new"), event(3, "withdrawn", "new", instead="old"), event(5, "published", "new")]
    assert {version: one.at for version, one in published_again(rows, events).items()} == {"new": day(5)}
    assert withdrawals(events) == {}


def test_a_version_withdrawn_stays_so_until_it_is_published_or_brought_back() -> None:
    gone = event(3, "withdrawn", "new", instead="old")
    assert withdrawals([event(2, "published", "new"), gone]) == {"new": gone}
    later = event(6, "withdrawn", "third", instead="new")
    assert withdrawals([gone, later]) == {"third": later}
    for action in ("taken_over", "republished"):
        assert withdrawals([gone, later, event(7, action, "third")]) == {}
