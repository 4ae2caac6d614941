"""What a text quotes, set apart from what it says itself."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass

QUOTE = "\ue000"
"""Stands for one quotation with its marks."""
OPEN = "\ue001"
"""Stands for a quotation that does not end, with all that follows."""
_CLOSING = {"“": "”", "「": "」", '"': '"'}
_RESERVED = re.compile(f"[{QUOTE}{OPEN}]")
_WHOLE_LINE = re.compile("“[^“”]*(?:”[。；;，,]?)?")


@dataclass(frozen=True, slots=True)
class QuotedWords:
    """``words`` with a sign for each quotation; ``quotes`` are these in their order, with their marks, ``signs`` where they stand."""

    words: str
    quotes: tuple[str, ...]
    signs: tuple[int, ...]

    def quoted(self, begin: int, end: int) -> tuple[str, ...]:
        """Return what is quoted in a part of the words, without the marks."""
        return tuple(quote[1:-1] for quote in self._quotes(begin, end))

    def original(self, begin: int, end: int) -> str:
        """Return a part of the words as the text has it."""
        quotes = iter(self._quotes(begin, end))
        return _RESERVED.sub(lambda _: next(quotes), self.words[begin:end])

    def _quotes(self, begin: int, end: int) -> tuple[str, ...]:
        return self.quotes[bisect_left(self.signs, begin) : bisect_left(self.signs, end)]


def quoted_words(text: str) -> QuotedWords:
    """Set apart what ``text`` quotes; a quotation may hold others of its own."""
    text = _RESERVED.sub(" ", text)
    words: list[str] = []
    quotes: list[str] = []
    begin, depth, close = 0, 0, ""
    for at, sign in enumerate(text):
        if not depth and sign in _CLOSING:
            words.append(text[begin:at])
            begin, depth, close = at, 1, _CLOSING[sign]
        elif depth and sign == close:
            depth -= 1
            if not depth:
                words.append(QUOTE)
                quotes.append(text[begin : at + 1])
                begin = at + 1
        elif depth and sign == text[begin]:
            depth += 1
    words.append(OPEN if depth else text[begin:])
    said = "".join(words)
    signs = tuple(found.start() for found in _RESERVED.finditer(said))
    return QuotedWords(said, (*quotes, *([text[begin:]] if depth else ())), signs)


def open_mark(text: str) -> str:
    """Return the mark of a quotation that begins in ``text`` and does not end there; "" where there is none."""
    said = quoted_words(text)
    return said.quotes[-1][0] if said.words.endswith(OPEN) else ""


def continued(line: str) -> str:
    """Return a further line of a quotation, without the mark that some texts repeat at the head of every paragraph."""
    return line[1:] if _WHOLE_LINE.fullmatch(line) else line
