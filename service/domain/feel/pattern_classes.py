"""Sets of characters in regular expressions: ranges, escapes, categories and what is taken out of them."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

CharacterTest = Callable[[str], bool]

_CONTROL = {"n": "\n", "r": "\r", "t": "\t"}
_PUNCTUATION = frozenset("\\|.?*+(){}[]^$-")
_NAME_MARKS = frozenset("_:")


def single(character: str) -> CharacterTest:
    """Accept just this character."""
    return lambda taken: taken == character


def _negated(accepts: CharacterTest) -> CharacterTest:
    return lambda taken: not accepts(taken)


def _word(taken: str) -> bool:
    return unicodedata.category(taken)[0] not in "PZC"


def _name_start(taken: str) -> bool:
    return taken.isalpha() or taken in _NAME_MARKS


def _name_part(taken: str) -> bool:
    return taken.isalnum() or taken in _NAME_MARKS or taken in "-.·"


_SHORT: dict[str, CharacterTest] = {
    "d": str.isdecimal,
    "w": _word,
    "s": lambda taken: taken in " \t\n\r",
    "i": _name_start,
    "c": _name_part,
}
_SHORT |= {name.upper(): _negated(accepts) for name, accepts in _SHORT.items()}


def escape_class(text: str, at: int) -> tuple[CharacterTest, int] | None:
    """Read what follows a backslash at ``at``; return the set and where reading goes on, None if it means nothing."""
    character = text[at : at + 1]
    if character in _SHORT:
        return _SHORT[character], at + 1
    if character in _CONTROL:
        return single(_CONTROL[character]), at + 1
    if character in _PUNCTUATION:
        return single(character), at + 1
    return _category(text, at) if character in ("p", "P") else None


def _category(text: str, at: int) -> tuple[CharacterTest, int] | None:
    end = text.find("}", at)
    name = text[at + 2 : end]
    if text[at + 1 : at + 2] != "{" or end < 0 or not 1 <= len(name) <= 2 or name[0] not in "LMNPSZC":
        return None

    def belongs(taken: str) -> bool:
        return unicodedata.category(taken).startswith(name)

    return (belongs if text[at] == "p" else _negated(belongs)), end + 1


def read_class(text: str, at: int, depth: int = 0) -> tuple[CharacterTest, int] | None:
    """Read a set whose ``[`` is just before ``at``; return it and where reading goes on, None if it is malformed."""
    inverted = text.startswith("^", at)
    at += inverted
    parts: list[CharacterTest] = []
    without: CharacterTest | None = None
    while at < len(text) and not (text[at] == "]" and parts):
        if text.startswith("-[", at) and parts and depth < 5:
            subtracted = read_class(text, at + 2, depth + 1)
            if subtracted is None:
                return None
            without, at = subtracted
            break
        found = _member(text, at)
        if found is None:
            return None
        parts.append(found[0])
        at = found[1]
    if not text.startswith("]", at):
        return None
    return _set(parts, without, inverted=inverted), at + 1


def _set(parts: list[CharacterTest], without: CharacterTest | None, *, inverted: bool) -> CharacterTest:
    def accepts(taken: str) -> bool:
        inside = any(part(taken) for part in parts) != inverted
        return inside and not (without is not None and without(taken))

    return accepts


def _member(text: str, at: int) -> tuple[CharacterTest, int] | None:
    """Read one character, escape or range ``a-z``."""
    start = _character(text, at)
    if start is None:
        return escape_class(text, at + 1) if text[at] == "\\" else None
    low, at = start
    if text.startswith("-", at) and text[at + 1 : at + 2] not in ("]", "[", ""):
        end = _character(text, at + 1)
        if end is None or end[0] < low:
            return None
        high = end[0]
        return (lambda taken: low <= taken <= high), end[1]
    return single(low), at


def _character(text: str, at: int) -> tuple[str, int] | None:
    """Read one character, plain or escaped; None if a whole set stands here."""
    if text[at] == "[":
        return None
    if text[at] != "\\":
        return text[at], at + 1
    escaped = text[at + 1 : at + 2]
    plain = _CONTROL.get(escaped, escaped if escaped in _PUNCTUATION else "")
    return (plain, at + 2) if plain else None
