"""Awards: whether who was awarded was named in a notice that had ended, and elected where there was a vote."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from verifier.bundle import Bundle
from verifier.report import CheckedStatement, Statements, disproved, not_proved, proved

FILE = "awards.json"


def check_awards(bundle: Bundle) -> Statements:
    """Compare the register with notices and counts."""
    notices = bundle.json("notices.json")
    counts = [one for one in bundle.json("counts.json") if one["record"] is not None]
    rankings = [order for one in bundle.json("rankings.json") for order in one["record"] or ()]
    awards = bundle.json(FILE)
    for award in awards:
        yield from _notice(award, notices)
        yield from _vote(award, awards, counts, rankings)


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
    award: Mapping[str, Any],
    awards: Sequence[Mapping[str, Any]],
    counts: Sequence[Mapping[str, Any]],
    rankings: Sequence[Mapping[str, Any]],
) -> Statements:
    case, tier = str(award["case"]), award["tier"]
    stood = [one for one in counts if case in _candidates(one).get(tier, ())]
    if not stood:
        yield _not_stood(award, counts, rankings)
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


def _not_stood(
    award: Mapping[str, Any], counts: Sequence[Mapping[str, Any]], rankings: Sequence[Mapping[str, Any]]
) -> CheckedStatement:
    """Return what is to say of an award for a tier in whose counts the winner does not stand.

    Only a tier that was voted on disproves it: a regulation may decide a tier without a vote, or award one of its own
    to who was elected for another (those who win again).
    """
    case, tier, name = str(award["case"]), award["tier"], award["name"]
    voted = [_candidates(one) for one in counts]
    others = sorted({str(one) for tiers in voted for one, cases in tiers.items() if case in cases})
    placed = any(e["tier"] == tier and str(e["candidate"]) == case for one in counts for e in _placed(one))
    if others and not placed and any(tiers.get(tier) for tiers in voted):
        return disproved(
            FILE,
            f"{name}只参加了“{'、'.join(others)}”的表决，没有参加“{tier}”的表决，却列为获奖",
            f"{name} stood for {', '.join(others)} alone, not for “{tier}” which was voted on, and is listed as awarded",
        )
    ranked = {str(one["group"]) for one in rankings if any(str(e["case"]) == case for e in one["entrants"])}
    where = "、".join(others or sorted(ranked - {""}))
    also_zh, also_en = (f"，只见于“{where}”", f", but for {where}") if where else ("", "")
    return not_proved(
        FILE,
        f"{name}经表决获得“{tier}”：没有参加该类奖项的计票{also_zh}",
        f"that {name} was elected for “{tier}”: no count has it stand for that{also_en}",
    )


def _candidates(one: Mapping[str, Any]) -> dict[str, set[str]]:
    """Return who stood in a count, by tier."""
    found: dict[str, set[str]] = {}
    for contest in one["record"]["agenda"]["contests"]:
        found.setdefault(contest["tier"], set()).update(str(name) for name in contest["candidates"])
    return found


def _placed(one: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    """Return the places that a count gave by votes."""
    placed: Sequence[Mapping[str, Any]] = one["record"]["after"]["elected"]
    return placed


def _elected(one: Mapping[str, Any], tier: object) -> set[str]:
    """Return who has a place of a tier after a count: by votes, or by the chair among equals."""
    by_votes = {str(e["candidate"]) for e in _placed(one) if e["tier"] == tier}
    return by_votes | {str(name) for name in one["chosen_by_chair"]}
