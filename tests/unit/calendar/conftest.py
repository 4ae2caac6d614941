from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from service.catalog.calendars.calendars import bundled_calendars, load_calendars
from service.domain.calendar import WorkingCalendar


@pytest.fixture(scope="session")
def calendars() -> Mapping[str, WorkingCalendar]:
    return load_calendars(bundled_calendars())


@pytest.fixture
def nation(calendars: Mapping[str, WorkingCalendar]) -> WorkingCalendar:
    return calendars["cn"]


@pytest.fixture
def xinjiang(calendars: Mapping[str, WorkingCalendar]) -> WorkingCalendar:
    return calendars["cn-xinjiang"]


@pytest.fixture
def one_layer(tmp_path: Path) -> Path:
    """A small calendar folder that tests may spoil."""
    folder = tmp_path / "cn"
    folder.mkdir()
    (folder / "layer.yaml").write_text(
        "calendar: cn\nname: 全国\nname_en: Nation\nextends: null\n"
        "timezone: Asia/Shanghai\nrest_weekdays: [6, 7]\nsources: {a: {title: notice}}\n",
        encoding="utf-8",
    )
    (folder / "2025.yaml").write_text(
        "year: 2025\nstatus: published\nexpected_working_days: 260\ndays_off:\n"
        "  - {name: 元旦, name_en: New Year, from: 2025-01-01, to: 2025-01-01,"
        " status: confirmed, applied: true, source: a}\nmake_up: []\n",
        encoding="utf-8",
    )
    return tmp_path
