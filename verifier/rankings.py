"""Rankings: totals, floors, places, equals and alternates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from verifier.bundle import Bundle, Malformed, fraction, two_decimals
from verifier.report import CheckedStatement, Statements, disproved, not_proved, proved

FILE = "rankings.json"
Order = Mapping[str, Any]
_ZERO = Fraction(0)


@dataclass(frozen=True, slots=True)
class Ranked:
    """An applicant with what it is ranked by; ``edge`` parts equals at the last place alone."""

    case: int
    total: Fraction
    stages: Mapping[str, Fraction]
    finer: int
    edge: Fraction


def check_rankings(bundle: Bundle) -> Statements:
    """Rank again."""
    for ranking in bundle.json(FILE):
        called = str(ranking["name"] or ranking["at"])
        if ranking["record"] is None:
            yield not_proved(
                FILE,
                f"排名“{called}”：当时的记录没有留存全部依据",
                f"the ranking “{called}”: its inputs were not kept on record then",
            )
        for order in ranking["record"] or ():
            yield from _ranking(bundle, called, order)
            if ranking["last"]:
                yield from _points(bundle, called, order)
    yield not_proved(
        FILE,
        "每一次排名都在其中，参加排名的范围（退出、不合格等）和加减分符合办法",
        "that every ranking is here, and that who took part and the bonus points are as the regulation says",
    )


def standings(order: Order) -> list[dict[str, Any]]:
    """Return what a ranking comes to, highest first: case, points, place, whether it goes on, number as alternate."""
    ranked = sorted((_entrant(order, one) for one in order["entrants"]), key=lambda one: one.case)
    ranked.sort(key=lambda one: (one.total, one.finer, one.edge), reverse=True)
    floors = {stage: fraction(value) for stage, value in order["floors"].items()}
    least = None if order["at_least"] is None else fraction(order["at_least"])
    fit = [
        one
        for one in ranked
        if all(one.stages.get(stage, _ZERO) >= floor for stage, floor in floors.items())
        and (least is None or one.total >= least)
    ]
    going = _going(fit, order)
    waiting = [one.case for one in fit if one.case not in going][: order["reserve"]]
    return [
        {
            "case": one.case,
            "points": two_decimals(one.total),
            "place": 1 + sum((other.total, other.finer) > (one.total, one.finer) for other in ranked),
            "passing": one.case in going,
            "alternate": waiting.index(one.case) + 1 if one.case in waiting else None,
        }
        for one in ranked
    ]


def _entrant(order: Order, one: Mapping[str, Any]) -> Ranked:
    stages = {stage: fraction(points) for stage, points in one["stages"].items()}
    scale = {stage: fraction(value) for stage, value in order["scale"].items()}
    weights = {stage: fraction(value) for stage, value in order["weights"].items()}
    added = len(weights) > 1 and set(weights.values()) == {Fraction(1)}
    if not added and sum(weights.values(), _ZERO) != 1:
        raise Malformed("weights that do not add up to 1")
    total = sum((stages.get(stage, _ZERO) * scale.get(stage, 1) * weight for stage, weight in weights.items()), _ZERO)
    edge = stages.get(order["tie_stage"], _ZERO) if order["tie"] == "higher_sub_score" else _ZERO
    return Ranked(int(one["case"]), total + fraction(one["bonus"]), stages, int(one["finer"]), edge)


def _going(fit: Sequence[Ranked], order: Order) -> set[int]:
    places = order["places"]
    if places is None or len(fit) <= places:
        return {one.case for one in fit}
    if places < 1:
        return set()
    keys = [(one.total, one.finer, one.edge) for one in fit]
    last = keys[places - 1]
    if keys[places] != last:
        return {one.case for one in fit[:places]}
    shared = order["tie"] != "none_pass"
    return {one.case for one, key in zip(fit, keys, strict=True) if key > last or (shared and key == last)}


def _ranking(bundle: Bundle, called: str, order: Order) -> Statements:
    again, group = standings(order), str(order["group"])
    of_group = f"（{group}）" if group else ""
    told = {int(one["case"]): one for one in order["standings"]}
    wrong = [one for one in again if told.get(one["case"]) != one]
    for one in wrong:
        zh, en = bundle.called(one["case"])
        yield disproved(
            FILE,
            f"排名“{called}”{of_group}中{zh}应得 {one['points']} 分、第{one['place']}名，所列不同",
            f"in the ranking “{called}” {group} {en} has {one['points']} points and place {one['place']}, not what is said",
        )
    if len(told) != len(again):
        yield disproved(FILE, f"排名“{called}”{of_group}的人数不符", f"the ranking “{called}” {group} has others in it")
    elif not wrong:
        count = sum(one["passing"] for one in again)
        yield proved(
            FILE,
            f"排名“{called}”{of_group}：{len(again)}个申报者重新排名，{count}个进入下一环节",
            f"the ranking “{called}” {group}: {len(again)} ranked again, {count} go on",
        )


def _given(called: str, who: tuple[str, str], stage: str, points: str) -> CheckedStatement:
    """Return that points come from elsewhere: where there is no score table, or nothing was given in place of it."""
    zh, en = who
    shown = two_decimals(fraction(points))
    return not_proved(
        FILE,
        f"排名“{called}”所用{zh}“{stage}”的得分 {shown} 不是评分表算出的，而是另行给定的",
        f"the points {shown} of {en} in stage {stage} that “{called}” uses: they were given, not scored",
    )


def _points(bundle: Bundle, called: str, order: Order) -> Statements:
    """Yield stage points that are not those of the score tables."""
    table = {(one["case"], one["stage"]): one for one in bundle.json("scores.json")["results"]}
    out_of = None if order["out_of"] is None else fraction(order["out_of"])
    for entrant in order["entrants"]:
        for stage, points in entrant["stages"].items():
            result = table.get((entrant["case"], stage))
            zh, en = bundle.called(entrant["case"])
            given = stage in entrant["given"]
            if given and (result is None or fraction(points) == 0 != fraction(result["points"])):
                yield _given(called, (zh, en), stage, points)
                continue
            if result is None or (out_of is not None and result["full"] is None):
                yield not_proved(
                    FILE,
                    f"排名“{called}”所用{zh}“{stage}”的得分：没有评分表",
                    f"the points of {en} in stage {stage} that “{called}” uses: there are no sheets",
                )
                continue
            own = fraction(result["points"])
            own = own if out_of is None else own / fraction(result["full"]) * out_of
            if own != fraction(points):
                yield disproved(
                    FILE,
                    f"排名“{called}”所用{zh}“{stage}”的得分与评分表不同",
                    f"the points of {en} in stage {stage} that “{called}” uses are not those of the score table",
                )
