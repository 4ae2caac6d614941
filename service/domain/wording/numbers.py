"""Numbers and durations in sentences: English plurals, Chinese numerals, how long something lasted."""

from __future__ import annotations

from datetime import timedelta
from decimal import ROUND_HALF_UP, Context, Decimal

from service.domain.text import Text


def counted(number: int, one: str, many: str = "") -> str:
    """Return ``number`` with what is counted: "1 entry", "2 entries"; ``many`` is ``one`` with an s unless it is given."""
    return f"{number} {one if number == 1 else many or one + 's'}"


HAN_DIGITS = "一二三四五六七八九"
HAN_NUMERAL = f"[{HAN_DIGITS}十百零〇]{{1,12}}"
"""A pattern that one numeral matches; a long row of such signs is none, and is not tried from each of them to its end."""
_DIGITS = {sign: n for n, sign in enumerate(HAN_DIGITS, 1)} | {"两": 2}


def read_han(words: str) -> int:
    """Return the number that a Chinese numeral below 1000 stands for; 两 counts as two."""
    hundreds, _, rest = words.rpartition("百")
    tens, has_ten, ones = rest.lstrip("零〇").rpartition("十")
    ten = (_DIGITS.get(tens, 1) if has_ten else 0) * 10
    return (_DIGITS.get(hundreds, 1) * 100 if "百" in words else 0) + ten + _DIGITS.get(ones, 0)


def write_han(number: int) -> str:
    """Return a number below 1000 as a Chinese numeral: 12 as 十二, 105 as 一百零五."""
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    lead = f"{HAN_DIGITS[hundreds - 1]}百" if hundreds else ""
    if hundreds and rest and not tens:
        lead += "零"
    ten = ("" if tens == 1 and not hundreds else HAN_DIGITS[tens - 1]) + "十" if tens else ""
    return lead + ten + (HAN_DIGITS[ones - 1] if ones else "" if number else "零")


_SECONDS, _MINUTES, _HOURS = 120, 60, 48
"""Below so many of a unit, it is told in that unit."""


def format_duration(gap: timedelta) -> Text:
    """Return a duration in seconds, minutes, hours or days."""
    seconds = round(gap.total_seconds())
    if seconds < _SECONDS:
        return Text(f"{seconds}秒", counted(seconds, "second"))
    minutes = round(seconds / 60)
    if minutes < _MINUTES:
        return Text(f"{minutes}分钟", counted(minutes, "minute"))
    hours = round(minutes / 60)
    if hours <= _HOURS:
        return Text(f"{hours}小时", counted(hours, "hour"))
    return Text(f"{gap.days}天", counted(gap.days, "day"))


_DECIMALS = 6
"""Decimals of a number in a sentence: enough for 万元 to the fen; the value itself stays exact."""


def decimal_text(value: Decimal | float) -> str:
    """Return a number without exponent or needless zeros, rounded half up to six decimals: 1000000/3 as 333333.333333."""
    exact = value if isinstance(value, Decimal) else Decimal(str(value))
    places = -int(exact.as_tuple().exponent)
    if places > _DECIMALS:
        exact = exact.quantize(
            Decimal(1).scaleb(-_DECIMALS), ROUND_HALF_UP, Context(prec=max(exact.adjusted(), 0) + 60)
        )
    text = format(exact, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text
