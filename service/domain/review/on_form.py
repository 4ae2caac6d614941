"""Score sheets as forms hold them: one object per item under a name that expressions can read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from functools import cache

from service.domain.review.edition import Edition
from service.domain.review.sheet import ItemScore, Sheet


@cache
def field_of(item: str) -> str:
    """Return the name of the object in which an item lies in the form: ``4.1.2`` is ``i_4_1_2``."""
    return "i_" + re.sub(r"[^0-9A-Za-z]+", "_", item)


def read_sheet(edition: Edition, data: Mapping[str, object]) -> Sheet:
    """Return what was filled in; a percentage that is no number reads as not scored."""
    found = {item: data.get(field_of(item)) for item in edition.items}
    return Sheet(edition, {item: _score(value) for item, value in found.items() if isinstance(value, Mapping)})


def exact(points: Fraction) -> str:
    """Return points as records keep them: ``numerator/denominator``, nothing rounded."""
    return f"{points.numerator}/{points.denominator}"


def shown(points: Fraction | str) -> str:
    """Return points for display: two decimals, half up."""
    value = Fraction(points)
    cents = (abs(value) * 200 + 1) // 2
    return f"{'-' if value < 0 else ''}{cents // 100}.{cents % 100:02d}"


def _score(value: Mapping[str, object]) -> ItemScore:
    percent = str(value.get("percent") if value.get("percent") is not None else "")
    return ItemScore(
        int(percent) if re.fullmatch(r"[0-9]{1,3}", percent) else None,
        str(value.get("strengths") or ""),
        str(value.get("improvements") or ""),
    )
