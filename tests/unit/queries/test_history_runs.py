"""Lines of the history that say the same in a row are shown as one."""

from __future__ import annotations

from datetime import UTC, datetime

from service.casework.reading.history import EventView, runs_of

AT = datetime(2026, 3, 2, tzinfo=UTC)


def line(seq: int, who: str, action: str, element: str | None = "remind") -> EventView:
    return EventView(seq, AT, who, f"提醒{seq}", "", "", element, action)


def test_three_alike_in_a_row_are_one_and_two_are_not() -> None:
    lines = [line(n, "系统", "reminded") for n in (1, 2, 3)]
    lines += [line(4, "王建国", "completed"), line(5, "系统", "reminded"), line(6, "系统", "reminded")]
    assert [[e.seq for e in run] for run in runs_of(lines)] == [[1, 2, 3], [4], [5], [6]]
    assert runs_of([]) == ()


def test_another_step_another_author_and_other_words_stand_by_themselves() -> None:
    lines = [line(1, "系统", "reminded"), line(2, "系统", "reminded", "other"), line(3, "李四", "reminded", "other")]
    lines += [line(n, "系统", "note", None) for n in (4, 5, 6)]
    assert [len(run) for run in runs_of(lines)] == [1] * 6
