"""For how many rounds of an award somebody may not apply, in the words of a clause: 间隔一届, 两届内, 下一届."""

from __future__ import annotations

import re

from service.catalog.law_text.numbers import NUMERAL, whole

APPLYING = "(?:申报|参评|参加评|评选|申请|受理|参加.{0,6}奖)"
"""What a bar keeps somebody from."""
_BARRED = rf"[^。；获]{{0,10}}(?:不得|不再|不能|不予)[^，]{{0,4}}{APPLYING}"
_AGAIN = rf"[^。；获]{{0,8}}(?:方可|才能|可以?再|可以?重新)[^，]{{0,4}}{APPLYING}"
_NOT_THE_NTH = "(?<![第每])"
_SAID = (
    re.compile(rf"(?:间隔|隔){NUMERAL}届(?:以后|之后|后)?{_AGAIN}"),
    re.compile(rf"{_NOT_THE_NTH}{NUMERAL}届(?:之内|以内|内){_BARRED}"),
    re.compile(rf"(?:此后|其后|之后|获奖后|授奖后|撤销后)(?:的|连续)?{NUMERAL}届(?:之内|以内|内)?{_BARRED}"),
    re.compile(rf"{_NOT_THE_NTH}{NUMERAL}届(?:以后|之后|后){_AGAIN}"),
)
_NEXT = re.compile(rf"(?:下一?届|次届){_BARRED}|(?:隔届){_AGAIN}")


def rounds_barred(text: str) -> tuple[int, str] | None:
    """Return for how many rounds somebody may not apply, with the words of ``text`` (no blanks); None where it says none.

    So many rounds are passed over: of 间隔一届 and of 一届内 the next one.
    """
    for sign in _SAID:
        hit = sign.search(text)
        if hit is not None and 0 < whole(hit["n"]) < 100:
            return whole(hit["n"]), hit[0]
    following = _NEXT.search(text)
    return (1, following[0]) if following is not None else None
