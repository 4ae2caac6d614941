"""Articles of a regulation as English cites them: Art. 11(2), para. 1 for 第十一条第（二）项第一段."""

from __future__ import annotations

import re
from functools import lru_cache, partial

from service.domain.wording.numbers import HAN_NUMERAL, read_han

_RULES = tuple(
    (re.compile(pattern.replace("N", f"({HAN_NUMERAL}|\\d+)")), words)
    for pattern, words in (
        ("（第N个第N条）", " (no. {0} of that number)"),
        ("附件N?", "Annex {0}"),
        ("第N条", "Art. {0}"),
        ("之N", "-{0}"),
        ("第[（(]N[）)]项", "({0})"),
        ("第N项", "({0})"),
        ("第N款", ", para. {0}"),
        ("第N段", ", part {0}"),
        ("第N目", ", point {0}"),
        ("第N章", "Ch. {0}"),
        ("第N节", ", sec. {0}"),
        ("N条", "Art. {0}"),
        ("[（(]N[）)]", "({0})"),
        ("^N(?=[（(、]|$)", "{0}"),
    )
)
_WORDS = (("附则", "Supplementary provisions"), ("总则", "General provisions"), ("题注", "Note to the title"),
          ("印发通知", "Notice of issue"), ("序", "Preamble"), ("、", ", "), ("；", "; "), ("和", " and "))  # fmt: skip
_HAN = re.compile("[\u4e00-\u9fff]")


@lru_cache(maxsize=4096)
def english_article(article: str) -> str:
    """Return an article as English cites it; what is written otherwise stays."""
    text = article.strip()
    for pattern, words in _RULES:
        text = pattern.sub(partial(_fill_words, words), text)
    for zh, en in _WORDS:
        text = text.replace(zh, en)
    return article if _HAN.search(text) else text.removeprefix(", ").strip()


def _fill_words(words: str, match: re.Match[str]) -> str:
    return words.format(_format_number(match[1] if match.re.groups else None))


def _format_number(digits: str | None) -> str:
    return "" if not digits else digits if digits.isascii() else str(read_han(digits))
