"""Scenarios of a place whose procedure gets a stage of review: everybody who is accepted is reviewed in it, alike."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from service.catalog.new_city.rows import flow_row
from service.catalog.source.format_yaml import dump_yaml, load_yaml

_PERCENT = 60
_LAST = "write_opinion"
"""With which task a stage of review ends."""


def experts(number: int) -> Iterator[dict[str, Any]]:
    """Yield the steps that put so many experts on the register."""
    yield from ({"expert": {"name": f"专家{n}"}} for n in range(1, number + 1))


def review(nick: str, reviewers: int) -> Iterator[dict[str, Any]]:
    """Yield the steps by which a panel reviews ``nick`` in one stage."""
    said = {"strengths": "优势", "improvements": "改进", "conclusion": "结论", "recommendation": "go_on"}
    yield {"case": nick, "each": "declare_interest", "with": {"declared": "no", "truthful": True}}
    yield {"case": nick, "each": "score", "percent": [_PERCENT] * reviewers}
    yield {"case": nick, "each": _LAST, "with": said}


def with_reviews(text: str, reviewers: int, stages: int, *, listed: bool = False, begun: bool = False) -> str:
    """Return a scenario in which everybody who is accepted goes through so many stages; as it is where all do.

    ``listed``: the stages after the first begin when the time to apply is over and the shortlist is made. ``begun``: there was
    a stage before, so whoever is reviewed in none is meant not to be, such as where no panel can be formed.
    """
    document = load_yaml(text)
    steps = document.get("steps") if isinstance(document, dict) else None
    if not isinstance(steps, list):
        return text
    reviewed = {nick: _reviewed(steps, nick) for nick in _accepted(steps)}
    missing = {nick: stages - number for nick, number in reviewed.items() if number or not begun}
    if not any(number > 0 for number in missing.values()):
        return dump_yaml(document) if listed and _behind_the_window(steps) else text
    for nick, number in missing.items():
        rows = [row for _ in range(number) for row in review(nick, reviewers)]
        place = max(n for n, step in enumerate(steps) if _decided(step, nick) or _is_last(step, nick)) + 1
        steps[place:place] = [flow_row(row) for row in rows]
    if listed:
        _behind_the_window(steps)
    known = sum(isinstance(step, dict) and "expert" in step for step in steps)
    steps[:0] = [flow_row(row) for row in list(experts(reviewers))[known:]]
    return dump_yaml(document)


def _behind_the_window(steps: list[Any]) -> bool:
    """Move the stages after the first behind the last wait before the vote; tell whether there were any to move."""
    vote = next((n for n, step in enumerate(steps) if isinstance(step, dict) and "vote" in step), len(steps))
    over = max((n for n, step in enumerate(steps[:vote]) if isinstance(step, dict) and "until" in step), default=-1)
    kept: list[Any] = []
    moved: list[Any] = []
    reviewed: set[str] = set()
    for step in steps[: over + 1]:
        nick = step.get("case") if isinstance(step, dict) and "each" in step else None
        (moved if nick in reviewed else kept).append(step)
        if nick is not None and _is_last(step, nick):
            reviewed.add(nick)
    steps[: over + 1] = [*kept, *moved]
    return bool(moved)


def _accepted(steps: list[Any]) -> list[str]:
    """Return the nicknames of those accepted; a step that names no case cannot be played, and nobody is meant by it."""
    named = (step.get("case") for step in steps if _decided(step, None))
    return list(dict.fromkeys(nick for nick in named if isinstance(nick, str)))


def _decided(step: Any, nick: str | None) -> bool:
    if not isinstance(step, dict) or step.get("complete") != "decide" or "refused" in step:
        return False
    said = step.get("with")
    accepted = isinstance(said, Mapping) and said.get("decision") == "accept"
    return accepted and nick in (None, step.get("case"))


def _is_last(step: Any, nick: str) -> bool:
    return isinstance(step, dict) and step.get("each") == _LAST and step.get("case") == nick


def _reviewed(steps: list[Any], nick: str) -> int:
    return sum(_is_last(step, nick) for step in steps)
