"""Between what the numbers of a type lie, as far as it is declared."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, localcontext

_NONE = Decimal("Infinity")
_DIGITS = 34


@dataclass(frozen=True, slots=True)
class Span:
    """The least and the greatest number; infinite where there is no bound.

    ``is_chosen`` says that the bounds are those of a written number or a setting: what somebody chose to compare with,
    not what a form or a function can come to.
    """

    least: Decimal = -_NONE
    most: Decimal = _NONE
    is_chosen: bool = False
    is_setting: bool = False

    def join(self, other: Span) -> Span:
        """Return what holds the numbers of both."""
        return Span(
            min(self.least, other.least),
            max(self.most, other.most),
            self.is_chosen and other.is_chosen,
            self.is_setting or other.is_setting,
        )

    def words(self) -> tuple[str, str]:
        """Return the bounds in Chinese and English."""
        if self.least == self.most:
            return (f"是 {self.least:f}", f"is {self.least:f}")
        if self.most == _NONE:
            return (f"不小于 {self.least:f}", f"is at least {self.least:f}")
        if self.least == -_NONE:
            return (f"不大于 {self.most:f}", f"is at most {self.most:f}")
        return (f"在 {self.least:f} 和 {self.most:f} 之间", f"lies between {self.least:f} and {self.most:f}")


def judge_comparison(sign: str, left: Span, right: Span) -> bool | None:
    """Return what a comparison of any numbers in two spans comes to; None where both may be, or both sides are chosen."""
    if left.is_chosen and right.is_chosen:
        return None
    verdict = _VERDICTS[sign](left, right)
    return None if verdict and (left.is_setting or right.is_setting) else verdict


def _is_less(left: Span, right: Span) -> bool | None:
    return True if left.most < right.least else False if left.least >= right.most else None


def _at_most(left: Span, right: Span) -> bool | None:
    return True if left.most <= right.least else False if left.least > right.most else None


def _is_equal(left: Span, right: Span) -> bool | None:
    return False if left.most < right.least or right.most < left.least else None


def _is_unequal(left: Span, right: Span) -> bool | None:
    return None if _is_equal(left, right) is None else True


_VERDICTS: Mapping[str, Callable[[Span, Span], bool | None]] = {
    "<": _is_less,
    "<=": _at_most,
    ">": lambda left, right: _is_less(right, left),
    ">=": lambda left, right: _at_most(right, left),
    "=": _is_equal,
    "!=": _is_unequal,
}


def calculate_span(sign: str, left: Span, right: Span) -> Span | None:
    """Return what comes of an operator over two spans; None where nothing is known of it."""
    numbers = (left.least, left.most, right.least, right.most)
    if sign in "*/" and not all(number.is_finite() for number in numbers):
        return None
    if sign == "/" and right.least <= 0 <= right.most:
        return None
    with localcontext() as context:
        context.prec = _DIGITS
        if sign == "+":
            ends = [left.least + right.least, left.most + right.most]
        elif sign == "-":
            ends = [left.least - right.most, left.most - right.least]
        elif sign == "*":
            ends = [bound * other for bound in (left.least, left.most) for other in (right.least, right.most)]
        elif sign == "/":
            ends = [bound / other for bound in (left.least, left.most) for other in (right.least, right.most)]
        else:
            return None
    return Span(min(ends), max(ends), left.is_chosen and right.is_chosen, left.is_setting or right.is_setting)
