"""How many terms of office may follow each other, in the words of a clause: 连续任职不超过两届, 可以连任一次."""

from __future__ import annotations

import re

from service.catalog.law_text.numbers import NUMERAL, whole

_MOST = re.compile(
    r"(?P<verb>连(?:续)?(?:任职|任|聘任|受聘|聘)|续聘)[^，。；]{0,6}?不(?:得|能)?(?:超过|多于)"
    rf"{NUMERAL}(?P<unit>届|次|个任期|个聘期|期)"
)
_AGAIN = re.compile(rf"(?:可以?|能)(?:连任|续聘|连聘|续任){NUMERAL}(?:届|次|期)")
_NEVER = re.compile("不(?:得|能)(?:连任|续聘|连聘)")
_ROUNDS = re.compile(rf"(?:任期|聘期|聘任期限?|每次聘任)[^，。；]{{0,8}}?(?P<said>{NUMERAL}届)")


def term_in_rounds(text: str) -> tuple[int, str] | None:
    """Return for how many rounds of the award a term lasts, with the words: 聘期一届; None where it says none."""
    found = _ROUNDS.search(text)
    return (whole(found["n"]), found["said"]) if found is not None and whole(found["n"]) else None


def terms_in_a_row(text: str) -> tuple[int, str] | None:
    """Return how many terms somebody may serve in a row, with the words of ``text``; None where it does not say it.

    连任一次 is a second term: two in a row, and 连任不超过两次 three. 连任不超过两届 may mean two or three: it is not said.
    """
    most, again, never = _MOST.search(text), _AGAIN.search(text), _NEVER.search(text)
    if most is not None and not most["verb"].startswith("连续"):
        return (whole(most["n"]) + 1, most[0]) if most["unit"] == "次" else None
    if most is not None:
        return whole(most["n"]), most[0]
    if again is not None:
        return whole(again["n"]) + 1, again[0]
    return (1, never[0]) if never is not None else None
