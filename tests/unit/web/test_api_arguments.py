"""What stands in the query of an operation is what the document says, or is refused in a sentence."""

from __future__ import annotations

import pytest

from service.domain.errors import Invalid
from service.web.api import arguments as told

WRONG = (
    (told.whole("n", 1, 9), ("", "0", "10", "x", "1.0", "-1", "²", "9" * 30)),
    (told.words("w", "xes", "csv"), ("", "pdf", "CSV")),
    (
        told.calendar_day("d"),
        ("", "20260605", "2026-W23-5", "2026-02-30", "２０２６-06-05", "2026-06-05T00:00", "9999-12-31", "0001-01-01"),
    ),
    (told.due_within(), ("", "week", "20260605")),
    (told.build_text_argument("p"), ("",)),
    (told.row_place(), ("", "x", "-1", "9" * 30)),
    (told.instant_place(), ("", "1", "2026-06-05T00:00:00+00:00_" + "9" * 20)),
    (told.day_place(), ("", "1", "2026-02-30_1")),
)
GOOD = (
    (told.whole("n", 1, 9), "9"),
    (told.words("w", "xes", "csv"), "csv"),
    (told.calendar_day("d"), "2026-06-05"),
    (told.due_within(), "late"),
    (told.due_within(), "2026-06-05"),
    (told.build_text_argument("p"), "x"),
    (told.row_place(), "0"),
    (told.instant_place(), "2026-06-05T01:00:00+00:00_17"),
    (told.day_place(), "2026-06-05_17"),
)


@pytest.mark.parametrize(("asked", "values"), WRONG)
def test_what_is_no_such_value_is_refused(asked: told.Argument, values: tuple[str, ...]) -> None:
    for value in values:
        with pytest.raises(Invalid) as refused:
            told.require_query({"name": asked}, {"name": value})
        assert refused.value.message.zh
        assert refused.value.message.en


@pytest.mark.parametrize(("asked", "value"), GOOD)
def test_what_is_one_is_taken_and_may_be_left_out(asked: told.Argument, value: str) -> None:
    assert asked.wrong(value) is None
    told.require_query({"name": asked}, {"name": value} if asked.required else {})
