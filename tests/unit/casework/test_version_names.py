from __future__ import annotations

from datetime import UTC, datetime

from service.casework.reading.published import version_names
from service.store.models import DefinitionRow


def published(version: str, day: int, hour: int) -> DefinitionRow:
    at = datetime(2026, 3, day, hour, tzinfo=UTC)
    return DefinitionRow(
        version=version, package="lakeside/star_award", content=b"", published_at=at, published_by="林设计"
    )


def test_a_version_is_called_by_its_day_and_numbered_where_the_day_has_several() -> None:
    names = version_names([published("c", 3, 9), published("b", 3, 2), published("a", 1, 20)])

    assert {version: name.zh for version, name in names.items()} == {
        "a": "2026年3月2日发布的版本",
        "b": "2026年3月3日发布的第1个版本",
        "c": "2026年3月3日发布的第2个版本",
    }
    assert names["c"].en == "version 2 of 3 Mar 2026"
