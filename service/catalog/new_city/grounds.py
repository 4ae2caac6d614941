"""The grounds of one revocation as its diagram has them: each to be chosen, all with the same bar."""

from __future__ import annotations

import re

USUAL = "弄虚作假"
"""What a ground is called where nobody said it."""


def grounds_of(labels: str, parameter: str) -> str:
    """Return the grounds of revocation that have one bar, as formulas: each with the years of it; they are named by their parameter.

    ``labels`` has ； between several: whoever revokes chooses the one that holds.
    """
    names = labels_in(labels.replace("\\", "").replace('"', "")) or [USUAL]
    marks = [parameter, *(f"{parameter}_{number}" for number in range(2, len(names) + 1))]
    return ", ".join(
        f'{{value: "{mark}", label: "{name}", ban_years: param.{parameter}}}'
        for mark, name in zip(marks, names, strict=True)
    )


def labels_in(said: str) -> list[str]:
    """Return the grounds that somebody typed in one field, with ； between them."""
    return [one.strip() for one in re.split("[；;]", said) if one.strip()]
