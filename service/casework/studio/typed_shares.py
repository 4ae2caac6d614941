"""Shares as somebody types them: 60%, 0.6 or 3/5."""

from __future__ import annotations

from fractions import Fraction

from service.domain.errors import Invalid
from service.domain.exact_number import exact_number
from service.domain.text import Text

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
