"""What is recorded again of a prize that comes back bit by bit."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from service.casework.queries.tasks.view_task import view_task
from service.store import Store
from tests.support.exampleton import CITY, season

REVOKED = CITY / "processes" / "exampleton" / "fair_award" / "scenarios" / "revoked.yaml"


def demanded_again() -> str:
    """Return the season of a revocation up to the first record of what came back, with a note in it."""
    steps, _, _ = REVOKED.read_text(encoding="utf-8").partition("  - {at: 2026-04-20")
    lines = (line for line in steps.splitlines() if "refused: true" not in line and "{expect:" not in line)
    return "\n".join(lines).replace("{recovered: some, rows", "{recovered: some, note: 奖金未退。, rows")


def test_the_note_of_the_last_record_is_not_filled_in_again(
    sqlite_url: str, open_store: Callable[[str], Store], tmp_path: Path
) -> None:
    stage = season(open_store(sqlite_url), tmp_path / "root", demanded_again())
    (task,) = stage.open_tasks("撤")
    values = view_task(stage.desk, stage.cast.actor("office"), task.id).values
    assert (task.element, task.entry, values.get("note"), len(values["rows"])) == ("record_return", 2, None, 3)


def test_who_decides_reads_what_this_city_recovers_and_bars(
    sqlite_url: str, open_store: Callable[[str], Store], tmp_path: Path
) -> None:
    steps, _, _ = REVOKED.read_text(encoding="utf-8").partition("  - {as: government, case: 撤, refused: true")
    lines = (line for line in steps.splitlines() if "refused: true" not in line and "{expect:" not in line)
    stage = season(open_store(sqlite_url), tmp_path / "root", "\n".join(lines))
    (task,) = stage.open_tasks("撤")
    told = view_task(stage.desk, stage.cast.actor("government"), task.id).consequence
    assert (task.element, told) == ("decide_revocation", "同意的，收回证书、奖牌、奖金，10年内不予受理其申报。")
