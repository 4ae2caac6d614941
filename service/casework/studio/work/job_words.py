"""What a job that waits is told to wait for: what runs now, and how many come first; never whose it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from service.domain.text import Text
from service.store.models import StudioJobRow

KINDS: Mapping[str, Text] = {
    "scenarios": Text("情景运行", "a run of scenarios"),
    "handbook": Text("手册生成", "the making of a handbook"),
}
"""What each kind of job is called, by the ``work`` it was asked for."""
_OTHER = Text("另一项运算", "other work")


_BRIEF = ("handbook",)


def is_brief(asked: Mapping[str, object], total: int) -> bool:
    """Tell whether a job takes a few seconds: a single scenario or a handbook."""
    work = asked.get("work")
    return work in _BRIEF or (work == "scenarios" and total == 1)


def waiting_words(row: StudioJobRow, ahead: Sequence[StudioJobRow]) -> Text | None:
    """Return what the job ``row`` waits for that has these ``ahead`` of it; None where nothing is."""
    if not ahead:
        return None
    brief = is_brief(row.asked, row.total)
    running = next((one for one in ahead if one.state == "running"), ahead[0])
    kind = KINDS.get(running.asked.get("work", ""), _OTHER)
    before = sum(one is not running and (not brief or is_brief(one.asked, one.total)) for one in ahead)
    far = f"{running.done}/{running.total}"
    more = (f"，另有 {before} 项排在前面", f", and {before} more come first") if before else ("", "")
    soon = (
        ("。这一项时间短，不必等它全部做完", ". This is brief and goes between two parts of it") if brief else ("", "")
    )
    return Text(
        f"等待中：正在进行{kind.zh}（{far}）{more[0]}{soon[0]}。",
        f"Waiting for {kind.en} ({far}){more[1]}{soon[1]}.",
    )
