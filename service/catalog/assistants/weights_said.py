"""The weights of the stages of review in the words of a clause: shares that make the whole, each with its stage."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction
from typing import TypeAlias

from service.catalog.law_text.numbers import LawNumber, percent_of
from service.catalog.law_text.preset import squeezed
from service.catalog.parameters.parameters import Unit

WeightsSaid: TypeAlias = tuple[dict[str, str], dict[str, str]]
"""Fields as somebody would type them, and the words of the text for each; both empty where it does not say."""
_EARLIER, _LATER = re.compile("材料|资料|书面|文审|初审|初评"), re.compile("现场|答辩|陈述")
_IN_TURN = re.compile(r"(?P<first>[^，。；、和与及]{2,12})(?:、|和|与|以及|及)(?P<later>[^，。；、和与及]{2,16}?)分别")
"""Two stages named in a row, whose shares follow in the same order (资料评审和现场评审得分分别占40%和60%)."""


_THREE_IN_TURN = re.compile(
    "(?P<first>[^，。；、和与及]{2,12})、(?P<second>[^，。；、和与及]{2,12})(?:、|和|与|以及|及)(?P<third>[^，。；、和与及]{2,12}?)"
    "(?:得分)?(?:三个?(?:阶段|环节|部分))?，?(?:得分)?分别"
)
_PAID = re.compile("拨付|发放|兑现|奖金")


def weights_said(numbers: Sequence[LawNumber], text: str = "") -> WeightsSaid:
    """The shares of two stages where they make the whole, and which stage the second is: on site or before the panel.

    ``text`` is searched for the stages of three shares that follow in a row; of a prize's parts it says no weights.
    """
    if _PAID.search(text):
        return {}, {}
    shares = [n for n in numbers if n.unit is Unit.FRACTION]
    if len(shares) == 3:
        return _three_weights(shares, squeezed(text))
    if len(shares) != 2 or sum(Fraction(n.value) for n in shares) != 1 or not all(map(percent_of, shares)):
        return {}, {}
    first, second = shares
    stages = first.before, second.before.rpartition(first.words)[2]
    if any("分别" in stage for stage in stages):
        named = _IN_TURN.search(first.before)
        if named is None or _EARLIER.search(named["later"]) or not _LATER.search(named["later"]):
            return {}, {}
        stages = named["first"], named["later"]
    if _LATER.search(stages[0]) and not _LATER.search(stages[1]):
        if not _EARLIER.search(stages[1]):
            return {}, {}
        first, second, stages = second, first, (stages[1], stages[0])
    found = {"value": f"{percent_of(first)}%", "unit": Unit.FRACTION.value, "second": f"{percent_of(second)}%"}
    stage = {"stage": "defence"} if "答辩" in stages[1] else {}
    return {**found, **stage}, {"value": first.words, "second": second.words}


def _three_weights(shares: Sequence[LawNumber], text: str) -> WeightsSaid:
    """Three shares that make the whole, in the order of the stages: the first on paper, the others on site or heard."""
    if sum(Fraction(n.value) for n in shares) != 1 or not all(map(percent_of, shares)):
        return {}, {}
    first, second, third = shares
    named = [first.before, second.before.rpartition(first.words)[2], third.before.rpartition(second.words)[2]]
    if row := _THREE_IN_TURN.search(text):
        named = [row["first"], row["second"], row["third"]]
    later = [_LATER.search(stage) for stage in named]
    if any("分别" in stage for stage in named) or later[0] or not (later[1] and later[2]):
        return {}, {}
    kinds = {
        question: "defence" if re.search("答辩|陈述", stage) else "site"
        for question, stage in zip(("stage", "third_stage"), named[1:], strict=True)
    }
    found = {"value": f"{percent_of(first)}%", "unit": Unit.FRACTION.value, "second": f"{percent_of(second)}%"}
    words = {"value": first.words, "second": second.words, "third": third.words}
    return {**found, "third": percent_of(third), **kinds}, words
