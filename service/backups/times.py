"""When a backup was made, by whose clock, and that this is not to come yet."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from service.backups.contents import NOTE
from service.settings import Settings


def saved_at(folder: Path) -> datetime:
    """Return when the backup was made."""
    return datetime.fromisoformat(str(json.loads((folder / NOTE).read_text())["at"]))


def demand_past(settings: Settings, saved: datetime, ahead: timedelta | None) -> None:
    """Refuse a backup of the future before anything is changed: by the clock of this place no limit and no gap could be told."""
    from service.app import Installation

    now = Installation(settings).clock.now() if ahead is None else datetime.now(UTC) + ahead
    if saved <= now:
        return
    at, here = f"{saved:%Y-%m-%d %H:%M:%S}", f"{now:%Y-%m-%d %H:%M:%S}"
    if settings.demo and ahead is None:
        raise SystemExit(
            f"这里是演示（LAUREL_DEMO），时钟是 {here} UTC；备份不是在准备好的演示里做的，时间是 {at} UTC。什么也没有改动："
            "真实数据请不设 LAUREL_DEMO 恢复；要演练恢复，请用本版程序在演示里重新做一个备份。"
            f" / This is a demonstration, whose clock says {here}, and the backup was made by another clock ({at}). Nothing was"
            " changed: restore real data without LAUREL_DEMO; to try a restore, make a backup of the demonstration anew."
        )
    raise SystemExit(
        f"备份的时间（{at} UTC）晚于本机现在的时间（{here} UTC），什么也没有改动：请先校正本机时钟，再运行一次。"
        " / The backup is later than this machine's clock and nothing was changed: set the clock right, then run it again."
    )


def demo_ahead(settings: Settings) -> timedelta | None:
    """Return how far the clock of a prepared demonstration is before the machine's; None where people go by the machine's."""
    from service.app import Installation
    from service.casework.desk.clock import DemoClock

    clock = Installation(settings).clock
    return clock.ahead if isinstance(clock, DemoClock) and clock.moved else None


def noted_ahead(settings: Settings, folder: Path) -> timedelta | None:
    """Return by how far the clock of this place will be before the machine's: as where the backup of a demonstration was made."""
    note = folder / NOTE
    found = json.loads(note.read_text()).get("ahead") if settings.demo and note.exists() else None
    return None if found is None else timedelta(seconds=float(found))


def lead_clock(settings: Settings, ahead: timedelta | None) -> None:
    """Let the clock of a demonstration go on as it went where the backup was made; without that nothing is done."""
    if ahead is None:
        return
    from service.app import Installation
    from service.casework.desk.clock import DemoClock

    clock = Installation(settings).clock
    if isinstance(clock, DemoClock):
        clock.move_to(datetime.now(UTC) + ahead)
