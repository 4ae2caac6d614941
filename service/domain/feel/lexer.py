"""The lexer: cuts an expression into lexemes on demand, since the known names decide where a name ends."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from itertools import pairwise

from service.domain.feel.errors import FeelSyntaxError
from service.domain.text import Text

# Letters as DMN 1.5 grammar rule 27 has them, without CJK and full-width punctuation, which is a slip of the keyboard.
_START = (
    r"A-Za-z_?\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u02FF\u0370-\u037D\u037F-\u1FFF\u200C-\u200D\u2070-\u218F\u2C00-\u2FEF"
    r"\u3005-\u3007\u3021-\u302F\u3031-\uD7FF\uF900-\uFDCF\uFDF0-\uFEFF\uFF21-\uFF3A\uFF41-\uFF5A\uFF66-\uFFFD"
    r"\U00010000-\U000EFFFF"
)
_GOES_ON = re.compile(rf"[{_START}0-9]")
WORD = re.compile(rf"[{_START}][{_START}0-9\u00B7\u0300-\u036F\u203F-\u2040]*")
_SPACE = re.compile(r"(?:[\s\u00A0\u200B\uFEFF]|//[^\n]*|/\*.*?\*/)*", re.DOTALL)
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f"
    "\ufeff\uffa0\U000e0000-\U000e0fff]"
)
"""What nobody sees in a name: copied along from a web page or a document, it makes another name of it."""
_NUMBER = re.compile(r"(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_STRING = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)
_SYMBOL = re.compile(r"\*\*|\.\.|->|!=|<=|>=|[-+*/=<>(){}\[\],.:@]")
_ESCAPE = re.compile(r"\\(u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{6}|.)", re.DOTALL)
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", '"': '"', "'": "'", "\\": "\\"}
_NAME_PART = re.compile(r"\w+|[^\w\s]")
_FULL_WIDTH = dict(
    zip(
        "，、（）【】｛｝：＝＜＞＋－＊／．“”‘’！＠０１２３４５６７８９",
        ',,()[]{}:=<>+-*/.""""!@0123456789',
        strict=True,
    )
)
_SIGN_CORRECTIONS = {
    "≥": ">=", "≤": "<=", "≠": "!=", "×": "*", "÷": "/", "&&": "and", "&": "and", "||": "or", "|": "or", "==": "=", "<>": "!=",
    "!": "not(…)", "'": '"', "；": ",", ";": ",", "%": "/ 100", "％": "/ 100", "–": "-", "—": "-", "−": "-",
}  # fmt: skip
"""What people write as they do elsewhere, and how FEEL has it."""
_CLAUSES = ("if", "then", "else", "for", "return", "some", "every", "satisfies", "function")
KEYWORDS = frozenset({"and", "or", "in", "between", "instance", "true", "false", "null", *_CLAUSES})


_MAX_ALIKE = 100
"""Known names that may begin with the same word."""


class LexemeKind(Enum):
    """What a token is."""

    NAME = "name"
    KEYWORD = "keyword"
    NUMBER = "number"
    STRING = "string"
    SYMBOL = "symbol"
    END = "end"


@dataclass(frozen=True, slots=True)
class Lexeme:
    """A word of an expression; ``text`` is a normalised name, an unescaped string, or the characters as they stand."""

    sort: LexemeKind
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _CompoundName:
    """A name of several parts and how to recognise it."""

    length: int
    parts: tuple[str, ...]
    name: str


_Vocabulary = dict[str, tuple[_CompoundName, ...]]


def normalise_name(name: str) -> str:
    """Return a name with its inner white space reduced to single blanks."""
    return " ".join(name.split())


class Lexer:
    """Reads tokens at given positions of ``text``; ``known`` are names that need looking up as a whole."""

    def __init__(self, text: str, known: Iterable[str] = ()) -> None:
        self.text = text
        self._known = _build_vocabulary(frozenset(known))

    def learn(self, name: str) -> None:
        """Remember a name that is more than one plain word."""
        self._known = _with_name(self._known, name)

    def skip(self, position: int) -> int:
        """Return the position of the next character that is no white space or comment."""
        match = _SPACE.match(self.text, position)
        return match.end() if match else position

    def token(self, position: int) -> Lexeme:
        """Return the token at or after ``position``; raise FeelSyntaxError if there is none."""
        start = self.skip(position)
        if start >= len(self.text):
            return Lexeme(LexemeKind.END, "", start, start)
        character = self.text[start]
        if character == '"':
            return self._read_string(start)
        if character.isascii() and (character.isdigit() or character == "."):
            match = _NUMBER.match(self.text, start)
            if match:
                return Lexeme(LexemeKind.NUMBER, match[0], start, match.end())
        if WORD.match(self.text, start):
            return self._read_word(start)
        match = _SYMBOL.match(self.text, start)
        if match is None or self.text.startswith(("==", "<>"), start):
            raise self._build_stray_error(start)
        return Lexeme(LexemeKind.SYMBOL, match[0], start, match.end())

    def _read_string(self, start: int) -> Lexeme:
        match = _STRING.match(self.text, start)
        if match is None:
            raise FeelSyntaxError(
                self.text, start, Text('文本缺少结尾的双引号，请补上 “"”。', 'This text has no closing quote; add ".')
            )
        return Lexeme(LexemeKind.STRING, unescape_string(match[1]), start, match.end())

    def _read_word(self, start: int) -> Lexeme:
        first = WORD.match(self.text, start)
        assert first is not None
        for entry in self._known.get(first[0], ()):
            match = _compile_name_pattern(entry.parts).match(self.text, start)
            if match and not (entry.parts[-1][-1].isalnum() and _GOES_ON.match(self.text, match.end())):
                return Lexeme(LexemeKind.NAME, entry.name, start, match.end())
        if first[0] in KEYWORDS:
            return Lexeme(LexemeKind.KEYWORD, first[0], start, first.end())
        words, end = [first[0]], first.end()
        while following := self._next_word(end):
            words.append(following[0])
            end = following.end()
        self._require_visible(start, end)
        return Lexeme(LexemeKind.NAME, " ".join(words), start, end)

    def _require_visible(self, start: int, end: int) -> None:
        name = self.text[start:end]
        match = None if name.isascii() else _INVISIBLE.search(name)
        if match is not None:
            seen, code = _INVISIBLE.sub("", name), f"U+{ord(match[0]):04X}"
            problem = Text(
                f"名称“{seen}”里有一个看不见的字符（{code}），多半是复制时带来的，请删去名称重新输入。",
                f"The name “{seen}” holds an invisible character ({code}), copied along most often: type the name anew.",
            )
            raise FeelSyntaxError(_INVISIBLE.sub("", self.text), start, problem)

    def _next_word(self, position: int) -> re.Match[str] | None:
        """Return the word that continues a name with blanks in it."""
        start = self.skip(position)
        match = WORD.match(self.text, start) if start > position else None
        return None if match is None or match[0] in KEYWORDS or match[0] == "?" else match

    def _build_stray_error(self, position: int) -> FeelSyntaxError:
        character = self.text[position]
        plain = _FULL_WIDTH.get(character)
        if plain is not None:
            return FeelSyntaxError(
                self.text,
                position,
                Text(
                    f"“{character}”是全角符号，请改用半角“{plain}”。", f"“{character}” is full-width; write “{plain}”."
                ),
            )
        written = next((sign for sign in _SIGN_CORRECTIONS if self.text.startswith(sign, position)), None)
        if written is not None:
            replacement = _SIGN_CORRECTIONS[written]
            problem = Text(f"“{written}”要写成“{replacement}”。", f"“{written}” is written “{replacement}”.")
            return FeelSyntaxError(self.text, position, problem)
        if _INVISIBLE.match(character):
            code = f"U+{ord(character):04X}"
            problem = Text(
                f"这里有一个看不见的字符（{code}），请删去。", f"Delete the invisible character ({code}) here."
            )
            return FeelSyntaxError(_INVISIBLE.sub("", self.text), position, problem)
        return FeelSyntaxError(
            self.text,
            position,
            Text(f"不认识的符号“{character}”，请删除。", f"“{character}” means nothing; delete it."),
        )


@lru_cache(maxsize=64)
def _build_vocabulary(names: frozenset[str]) -> _Vocabulary:
    """Return the names that need looking up as a whole, the longest first."""
    vocabulary: _Vocabulary = {}
    for name in sorted(names):
        vocabulary = _with_name(vocabulary, name)
    return vocabulary


def _with_name(vocabulary: _Vocabulary, name: str) -> _Vocabulary:
    parts = _NAME_PART.findall(name)
    if (WORD.fullmatch(name) and name not in KEYWORDS) or not parts:
        return vocabulary
    alike = vocabulary.get(parts[0], ())
    if len(alike) >= _MAX_ALIKE or not WORD.match(parts[0]):
        return vocabulary
    added = _CompoundName(len(name), tuple(parts), normalise_name(name))
    return {**vocabulary, parts[0]: tuple(sorted((*alike, added), key=lambda entry: -entry.length))}


@lru_cache(maxsize=1024)
def _compile_name_pattern(parts: tuple[str, ...]) -> re.Pattern[str]:
    pattern = re.escape(parts[0])
    for before, part in pairwise(parts):
        blank = r"\s+" if before[-1].isalnum() and part[0].isalnum() else r"\s*"
        pattern += blank + re.escape(part)
    return re.compile(pattern)


def unescape_string(text: str) -> str:
    """Replace the escapes of a string literal by what they stand for."""
    if "\\" not in text:
        return text
    plain = _ESCAPE.sub(_decode_escape, text)
    return plain.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _decode_escape(match: re.Match[str]) -> str:
    code = match[1]
    if code[0] in "uU" and len(code) > 1:
        return chr(int(code[1:], 16)) if int(code[1:], 16) < 0x110000 else match[0]
    return _ESCAPES.get(code, match[0])
