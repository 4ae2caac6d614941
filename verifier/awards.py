"""Awards: whether who was awarded was named in a notice that had ended, and elected where there was a vote."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from verifier.bundle import Bundle
from verifier.report import Statements, disproved, not_proved, proved

FILE = "awards.json"


def check_awards(bundle: Bundle) -> Statements:
    """Compare the register with notices and counts."""
    notices = bundle.json("notices.json")
    counts = [one for one in bundle.json("counts.json") if one["record"] is not None]
    awards = bundle.json(FILE)
    for award in awards:
        yield from _notice(award, notices)
        yield from _vote(award, awards, counts)


def _notice(award: Mapping[str, Any], notices: Sequence[Mapping[str, Any]]) -> Statements:
    decided = date.fromisoformat(award["decided_on"])
    naming = [
        one
        for one in notices
        if one["state"] != "recalled"
        and not one["content"].get("announcement")
        and date.fromisoformat(one["last_day"]) <= decided
        and any(cell == award["name"] for row in one["content"]["entries"] for cell in row.values())
    ]
    name, number = award["name"], award["number"] or ""
    if naming:
        yield proved(
            FILE,
            f"{name}（{award['tier']} {number}）{decided} 决定授奖，此前公示“{naming[-1]['content']['title']}”已期满",
            f"{name} ({award['tier']} {number}) was awarded on {decided}, after “{naming[-1]['content']['title']}” had ended",
        )
    else:
        yield not_proved(
            FILE,
            f"{name}在 {decided} 决定授奖以前已经公示期满：没有列名的公示",
            f"that a notice naming {name} had ended before {decided}: no list names it",
        )


def _vote(
    award: Mapping[str, Any], awards: Sequence[Mapping[str, Any]], counts: Sequence[Mapping[str, Any]]
) -> Statements:
    case, tier = str(award["case"]), award["tier"]
    stood = [
        one
        for one in counts
        if any(
            contest["tier"] == tier and case in contest["candidates"] for contest in one["record"]["agenda"]["contests"]
        )
    ]
    if not stood:
        return
    elected = {name for one in stood for name in _elected(one, tier)}
    held = {str(one["case"]) for one in awards if one["tier"] == tier}
    name = award["name"]
    if case in elected:
        yield proved(FILE, f"{name}在表决中当选（{tier}）", f"{name} was elected in a ballot ({tier})")
    elif elected - held:
        yield not_proved(
            FILE,
            f"{name}没有当选而获奖（{tier}）：有当选者没有获奖，可能依次递补",
            f"why {name} was awarded ({tier}) without being elected: somebody elected was not, so it may have moved up",
        )
    else:
        yield disproved(
            FILE,
            f"{name}参加了“{tier}”的表决，没有当选，却列为获奖",
            f"{name} stood for “{tier}”, was not elected, and is listed as awarded",
        )


def _elected(one: Mapping[str, Any], tier: object) -> set[str]:
    """Return who has a place of a tier after a count: by votes, or by the chair among equals."""
    by_votes = {str(e["candidate"]) for e in one["record"]["after"]["elected"] if e["tier"] == tier}
    return by_votes | {str(name) for name in one["chosen_by_chair"]}
