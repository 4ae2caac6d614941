"""How the members voted on a candidate, in words and as a scenario file writes it: a letter for each member of the roll."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby

from service.domain.ballots import MARKS, Mark
from service.domain.errors import Invalid
from service.domain.text import Text

LETTERS = {"y": "yes", "n": "no", "-": "abstain"}
"""What a letter marks on the paper."""
NOTHING, ABSENT, SPOILED = ".", "x", "s"

_WORDS = {letter: MARKS[Mark(mark)] for letter, mark in LETTERS.items()} | {
    NOTHING: Text("不投", "no mark"),
    ABSENT: Text("缺席", "absent"),
    SPOILED: Text("废票", "spoiled"),
}
_ALSO = {"赞成": "y", "支持": "y", "反对": "n", "回避": NOTHING, "空白": NOTHING, "未到": ABSENT, "不参加": ABSENT}
_ALSO |= {"for": "y", "yes": "y", "no": "n", "abstains": "-", "abstention": "-", "nothing": NOTHING, "recused": NOTHING}
"""Other words that people write for the same."""
_LETTER_OF = {said: letter for letter, words in _WORDS.items() for said in (words.zh, words.en)} | _ALSO
_MOST = 1000
_SIGNS = re.compile(r"[ynxs.\-]+")
_PART = re.compile(r"\d+|" + "|".join(sorted(map(re.escape, _LETTER_OF), key=len, reverse=True)), re.IGNORECASE)
_BETWEEN = re.compile(r"(?:[\s,，、;；:：。和与及票人位]|and\b|votes?\b)+", re.IGNORECASE)


def vote_words(letters: str) -> Text | None:
    """Return the marks of the members in the order of the roll (同意 7、不同意 2), None for what are no letters of a vote."""
    if not _SIGNS.fullmatch(letters):
        return None
    runs = [(_WORDS[letter], len(list(alike))) for letter, alike in groupby(letters)]
    return Text(
        "、".join(f"{words.zh} {number}" for words, number in runs),
        ", ".join(f"{number} {words.en}" for words, number in runs),
    )


def vote_letters(said: str) -> str:
    """Return the letters of a vote typed as such or in words (同意 7、不同意 2; 7 in favour, 2 against); raises Invalid."""
    text = said.strip()
    if _SIGNS.fullmatch(text):
        return text
    parts = list(_parts(text))
    if parts and parts[0].isdecimal():
        parts.reverse()  # a number before its word, as in English: read from the end, a word comes first
        return "".join(reversed(_runs(parts, text)))
    return "".join(_runs(parts, text))


def _runs(parts: list[str], text: str) -> list[str]:
    """Return the letters of each word and the number behind it, one where there is none; raises Invalid for none at all."""
    runs: list[str] = []
    for part in parts:
        if not part.isdecimal():
            runs.append(_LETTER_OF[part.lower()])
        elif runs and len(runs[-1]) == 1:
            runs[-1] *= min(int(part), _MOST)
        else:
            raise _unread(text)
    if not any(runs):
        raise _unread(text)
    return runs


def _parts(text: str) -> Iterator[str]:
    """Yield words and numbers; raises Invalid for what is neither."""
    at = 0
    while at < len(text):
        part = _PART.match(text, at)
        between = _BETWEEN.match(text, at)
        if part is not None:
            yield part[0]
            at = part.end()
        elif between is not None:
            at = between.end()
        else:
            raise _unread(text)


def _unread(text: str) -> Invalid:
    return Invalid(
        Text(
            f"“{text[:40]}”读不出投票：请写成“同意 7、不同意 2”，依名册的次序；还可以写弃权、不投、缺席、废票。",
            f"“{text[:40]}” is no vote: write “7 in favour, 2 against” in the order of the roll; also abstain, no mark, absent, spoiled.",
        )
    )
