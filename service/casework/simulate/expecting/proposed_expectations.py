"""What a played season lets one expect: every result and day on record, as expectations to choose from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from service.casework.simulate.expecting.expectations import unmet_in
from service.casework.simulate.expecting.records import KINDS
from service.casework.simulate.stage.stage import PlayState

_TOLD = {
    "outcome": ("outcome", "on"),
    "notice": ("notice", "first_day", "last_day", "state"),
    "finding": ("finding", "result"),
    "document": ("document", "on"),
    "waiting": ("waiting", "due"),
    "task": ("task", "due"),
    "ballot": ("ballot", "elected", "quorum", "cast"),
    "award": ("award",),
    "sanction": ("sanction", "effect", "from_day", "last_day"),
    "timer": ("timer", "last_day"),
    "fact": ("fact", "value"),
    "panel": ("panel", "member", "state"),
    "party": ("party", "body"),
    "mail": ("mail", "on"),
}
"""What is said of a record of each kind."""

_NEEDED = {"task": "due", "outcome": "outcome", "timer": "last_day", "mail": "mail"}
_ONLY_OFFERED = ("fact", "panel", "party", "mail", "timer")
"""What repeats what was typed, or follows from the rest: offered, but not ticked from the start."""
_TRIED = ("ballot",)
"""What is read otherwise when it is expected: its names are those of the scenario."""
_SCALAR = (str, int, float, bool)


@dataclass(frozen=True, slots=True)
class ProposedExpectation:
    """An expectation that holds at the end; ``ticked`` from the start unless it only repeats what was typed."""

    row: dict[str, Any]
    ticked: bool


def proposed_expectations(stage: PlayState) -> tuple[ProposedExpectation, ...]:
    """Return what holds of each named case of ``stage`` now."""
    proposals: list[ProposedExpectation] = []
    for nick in stage.cases:
        for kind in _TOLD:
            for row in _iterate_rows(stage, nick, kind):
                if all(row != proposal.row for proposal in proposals) and (
                    kind not in _TRIED or not unmet_in(stage, row)
                ):
                    proposals.append(ProposedExpectation(row, ticked=kind not in _ONLY_OFFERED))
    return tuple(proposals)


def _iterate_rows(stage: PlayState, nick: str, kind: str) -> Iterator[dict[str, Any]]:
    wanted: dict[str, Any] = {"case": nick, kind: None}
    if kind == "ballot":
        wanted["elected"] = []
    for record in KINDS[kind](stage, wanted):
        needed = _NEEDED.get(kind)
        if needed is not None and record.get(needed) is None:
            continue
        values = {key: record[key] for key in _TOLD[kind] if record.get(key) is not None}
        if kind == "fact" and not isinstance(values.get("value"), _SCALAR):
            continue
        yield {"case": nick, **values}
