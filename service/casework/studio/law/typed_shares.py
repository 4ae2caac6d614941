"""Shares as somebody types them: 60%, 0.6 or 3/5."""

from __future__ import annotations

from fractions import Fraction
from math import ceil

from service.domain.errors import Invalid
from service.domain.text import Text
from service.domain.values.exact_number import exact_number

_WHOLE, _FINEST = 100, 10_000


def share_of(said: str) -> Fraction:
    """Return a share between nothing and the whole; raises Invalid for anything else."""
    text = said.strip().replace("％", "%")
    try:
        share = exact_number(text.removesuffix("%")) / (_WHOLE if text.endswith("%") else 1)
    except ValueError:
        share = Fraction(0)
    if not 0 < share <= 1 or (share * _FINEST).denominator != 1:
        raise Invalid(
            Text(
                f"“{text}”不是比例：请填写大于0、不超过100%的数，例如 60% 或者 0.6。",
                f"“{text}” is no share: enter a number above 0 and up to 100%, such as 60% or 0.6.",
            )
        )
    return share


def decimal_of(share: Fraction) -> str:
    """Return a share as a decimal, as values are written."""
    return f"{float(share):g}"


def places_of_share(share: Fraction) -> Text:
    """Return from how many applications a share of them, rounded down, gives a place, and what becomes of fewer."""
    fewest = ceil(1 / share)
    return Text(
        f"名额按申报数的{float(share):.4g}取整（舍去小数）：至少有{fewest}个申报才有1个名额；不足{fewest}个的，不表决，奖项空缺。",
        f"The share of {float(share):.4g} is rounded down: {fewest} applications give the first place; with fewer nothing is "
        "put to the vote and the prize stays vacant.",
    )
