"""Score tables: the totals of sheets, and what a stage comes to."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from fractions import Fraction
from statistics import median
from typing import Any

from verifier.bundle import Bundle, Malformed, fraction, two_decimals
from verifier.report import Statements, disproved, not_proved, proved

FILE = "scores.json"
_TRIMMED = re.compile(r"trimmed_mean(?:_([2-9]))?")
_DECIMAL = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,9})?")


def check_scores(bundle: Bundle) -> Statements:
    """Combine the sheets again."""
    table = bundle.json(FILE)
    by_item = table["sheets"] == "items"
    for result in table["results"]:
        yield from _result(bundle, result, table["editions"])
        if by_item:
            yield from _members(bundle, result)
    if table["results"] and not by_item:
        yield not_proved(
            FILE,
            "各份评分表的分项得分：该地的设置不公开，这里只有每份的总分",
            "the points by item of each sheet: the city does not publish them, here is the total of each sheet alone",
        )


def combined(points: Sequence[Fraction], how: str) -> Fraction:
    """Return what the totals of sheets come to: mean, median, trimmed_mean, trimmed_mean_2 to 9."""
    if not points:
        raise Malformed("no sheets")
    if how == "median":
        return Fraction(median(points))
    trimmed = _TRIMMED.fullmatch(how)
    if trimmed is not None:
        ends = int(trimmed[1] or 1)
        points = sorted(points)[ends:-ends] if len(points) > 2 * ends else points
    elif how not in ("mean", "consensus"):
        raise Malformed(f"no way to combine scores: {ascii(how)[:40]}")
    return sum(points, Fraction(0)) / len(points)


def _result(bundle: Bundle, result: Mapping[str, Any], editions: Mapping[str, Any]) -> Statements:
    name, english = bundle.called(result["case"])
    zh, en = f"{name}“{result['stage']}”的得分", f"the points of {english} in stage {result['stage']}"
    told, agreed = fraction(result["points"]), result["consensus"]
    wrong = [one for one in (*result["sheets"], *([agreed] if agreed else [])) if not _adds_up(one, editions)]
    if wrong:
        yield disproved(FILE, f"{zh}：有{len(wrong)}份评分表分项与总分不符", f"{en}: {len(wrong)} sheets do not add up")
    if not result["complete"]:
        yield not_proved(FILE, f"{zh}：评分表不全", f"{en}: not all sheets are there")
        return
    own = [fraction(agreed["points"])] if agreed else [fraction(one["points"]) for one in result["sheets"]]
    again = combined(own, "mean" if agreed else str(result["how"]))
    if again != told:
        yield disproved(
            FILE,
            f"{zh}应为 {two_decimals(again)}，却写作 {two_decimals(told)}",
            f"{en} come to {two_decimals(again)}, but are said to be {two_decimals(told)}",
        )
    elif not wrong:
        count = len(result["sheets"])
        yield proved(
            FILE,
            f"{zh} {two_decimals(told)}，由{count}份评分表{'合议' if agreed else '汇总'}得出",
            f"{en}, {two_decimals(told)}, come from {count} sheets ({'consensus' if agreed else result['how']})",
        )


def _adds_up(sheet: Mapping[str, Any], editions: Mapping[str, Any]) -> bool:
    if "items" not in sheet:
        return True
    worth = editions[sheet["edition"]]
    total = Fraction(0)
    for item, percent in sheet["items"].items():
        if not _DECIMAL.fullmatch(worth[item]) or not isinstance(percent, int | None):
            raise Malformed("no points of an item")
        total += Fraction(worth[item]) * (percent or 0) / 100
    return total == fraction(sheet["points"])


def _members(bundle: Bundle, result: Mapping[str, Any]) -> Statements:
    """Yield who scored without having been drawn for the stage."""
    above: list[object] = []
    case: object = result["case"]
    while isinstance(case, int) and case in bundle.cases and case not in above:
        above.append(case)
        case = bundle.cases[case]["parent"]
    draws = [one for one in bundle.json("draws.json") if one["stage"] == result["stage"] and one["case"] in above]
    members = {expert for one in draws for expert in one["chosen"]}
    for sheet in result["sheets"]:
        if sheet["expert"] is not None and sheet["expert"] not in members:
            name, english = bundle.called(result["case"])
            yield not_proved(
                FILE,
                f"专家 {sheet['expert']} 评{name}“{result['stage']}”的资格：没有抽到此人的记录",
                f"that expert {sheet['expert']} was to score {english} in stage {result['stage']}: no draw names them",
            )
