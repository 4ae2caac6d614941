"""Regular expressions in time linear in the text: the dialect of XQuery and XPath functions, run by RE2.

Flags are s, m, i, x and q; there are no back-references, no blocks of Unicode, and repeats inside one another come to at
most a thousand. Spelled out for RE2 are its differences: what a class takes out of itself, the escapes, spaces under x.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Protocol

import re2

from service.domain.feel.limits import Meter

MAX_PATTERN = 500
_SETS = {
    "d": r"\p{Nd}",
    "w": r"\p{L}\p{M}\p{N}\p{S}",
    "s": r" \t\n\r",
    "i": r"\p{L}_:",
    "c": r"\p{L}\p{N}_:.·\-",
}
_NONE = r"^\x00-\x{10ffff}"
_ESCAPE = re.compile(r"\\(?:[pP]\{[LMNPSZC][a-z]?\}|[dwsicDWSIC]|[nrt\\|.?*+(){}\[\]^$-])")
_OUTSIDE = re.compile(r"\((?:\?:|(?!\?))|\{[0-9]{1,4}(?:,[0-9]{0,4})?\}|[^\\(\[{}]")
_END = re.compile(r"\]")
_SURROGATE = re.compile("[\ud800-\udfff]")


class Match(Protocol):
    """Where a pattern matched."""

    def span(self, group: int = 0) -> tuple[int, int]:
        """Return start and end of a group, both -1 if it took no part."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """A compiled pattern with ``groups``; ``size`` is how many instructions RE2 runs."""

    compiled: Any
    groups: int
    size: int

    def find_all(self, text: str, meter: Meter) -> Iterator[Match]:
        """Return from left to right the leftmost matches that do not overlap, preferring as the pattern does."""
        start = 0
        matches = self.compiled.finditer(_replace_surrogates(text))
        while start <= len(text):
            meter.charge(1 + ((len(text) - start) * (16 + self.size) >> 14))
            match = next(matches, None)
            if match is None:
                return
            match_start, end = match.span()
            if match_start >= start:  # RE2 comes twice upon an empty match behind its starting point
                yield match
                start = end + (end == match_start)


@lru_cache(maxsize=256)
def compile_pattern(text: str, flags: str = "") -> Pattern | None:
    """Compile a pattern; None if it is malformed, too long, or uses what this dialect lacks."""
    if set(flags) - set("smixq") or len(text) > MAX_PATTERN:
        return None
    options = re2.Options()
    options.log_errors = False
    options.case_sensitive = "i" not in flags
    options.dot_nl = "s" in flags
    options.literal = "q" in flags
    try:
        compiled = re2.compile(
            _replace_surrogates(text) if options.literal else _translate_pattern(_replace_surrogates(text), flags),
            options,
        )
    except (re2.error, _Malformed):
        return None
    return Pattern(compiled, compiled.groups, compiled.programsize)


class _Malformed(ValueError):
    """The pattern cannot be used."""


def _replace_surrogates(text: str) -> str:
    """Put the sign for the unreadable in place of half a character, which cannot be written in UTF-8."""
    return _SURROGATE.sub("\ufffd", text)


def _translate_pattern(text: str, flags: str) -> str:
    """Spell the pattern in the dialect of RE2."""
    parts = ["(?m)" if "m" in flags else ""]
    at = 0
    while at < len(text):
        if text[at] == "[":
            piece, at = _read_class(text, at + 1)
        elif text[at] == "\\":
            escape, at = _read_token(_ESCAPE, text, at)
            piece = f"[{_write_class_escape(escape)}]"
        elif "x" in flags and text[at].isspace():
            piece, at = "", at + 1
        else:
            piece, at = _read_token(_OUTSIDE, text, at)
            piece = r"[^\n\r]" if piece == "." and "s" not in flags else piece
        parts.append(piece)
    return "".join(parts)


def _read_token(token: re.Pattern[str], text: str, at: int) -> tuple[str, int]:
    match = token.match(text, at)
    if match is None:
        raise _Malformed
    return match[0], match.end()


def _write_class_escape(escape: str) -> str:
    """Write an escape as it stands inside the brackets of a class."""
    sign = escape[1]
    if sign in "pP":
        return escape
    if sign.lower() in _SETS:
        return _SETS[sign] if sign in _SETS else _spell_class(f"[^{_SETS[sign.lower()]}]")
    return escape


def _read_class(text: str, at: int) -> tuple[str, int]:
    """Read a class whose ``[`` is just before ``at``; return it and where reading goes on."""
    parts = ["[^" if text.startswith("^", at) else "["]
    at += text.startswith("^", at)
    while at < len(text) and (text[at] != "]" or len(parts) == 1):
        if text.startswith("-[", at) and len(parts) > 1:
            without, at = _read_class(text, at + 2)
            _read_token(_END, text, at)
            return f"[{_spell_class(''.join(parts) + ']', without)}]", at + 1
        if text[at] == "[":
            raise _Malformed
        piece, end = _read_token(_ESCAPE, text, at) if text[at] == "\\" else (text[at], at + 1)
        parts.append(_write_class_escape(piece) if len(piece) > 1 else piece)
        at = end
    _read_token(_END, text, at)
    return "".join(parts) + "]", at + 1


@lru_cache(maxsize=64)
def _spell_class(members: str, without: str = "") -> str:
    """List the ranges of characters in one class and not in the other."""
    runs = re2.findall(f"{members}+".encode(), _every_character())
    if without:
        taken_out = re2.compile(f"(?:{without})+".encode())
        runs = [part for run in runs for part in taken_out.split(run) if part]
    return "".join(rf"\x{{{ord(run[0]):x}}}-\x{{{ord(run[-1]):x}}}" for run in map(bytes.decode, runs)) or _NONE


@lru_cache(maxsize=1)
def _every_character() -> bytes:
    return "".join(map(chr, (*range(0xD800), *range(0xE000, 0x110000)))).encode()
