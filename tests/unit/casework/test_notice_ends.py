"""How a notice ended is told with what was objected before it was corrected."""

from datetime import UTC, date, datetime

import pytest

from service.casework.notices.recall import end_of, objections_before
from service.store.models import NoticeRow

POSTED, OVER = datetime(2026, 4, 20, 1, tzinfo=UTC), datetime(2026, 4, 27, 16, tzinfo=UTC)


def notice(ident: int, objections: int, replaces: int | None = None, state: str = "closed") -> NoticeRow:
    return NoticeRow(
        id=ident,
        jurisdiction="testville",
        case_id=1,
        element="post_winners",
        kind="winners",
        audience="public",
        title="名单公示",
        content={"objections": "有异议的，请书面提出。"},
        fingerprint="",
        clauses=[],
        posted_at=POSTED,
        posted_by=None,
        first_day=date(2026, 4, 21),
        last_day=date(2026, 4, 27),
        ends_at=OVER,
        period={"unit": "calendar_days", "length": 7},
        state=state,
        closed_at=OVER if state == "closed" else None,
        objections=objections,
        correction=None,
        replaces_id=replaces,
    )


def test_objections_are_counted_over_every_correction() -> None:
    first, second, third = notice(1, 2, state="corrected"), notice(2, 1, 1, "corrected"), notice(3, 4, 2)
    assert [objections_before(each, [first, second, third]) for each in (first, second, third)] == [0, 2, 3]


@pytest.mark.parametrize(
    ("objections", "before", "told"),
    [
        (0, 0, "已结束，无异议"),
        (1, 0, "已结束，收到异议 1 件"),
        (0, 2, "已结束，更正前收到异议 2 件"),
        (1, 2, "已结束，收到异议共 3 件（更正前 2 件）"),
    ],
)
def test_no_objection_is_said_only_where_none_came_in_before_either(objections: int, before: int, told: str) -> None:
    assert end_of(notice(1, objections), before).zh == told
