"""Turns the text of a regular expression into a small program for the simulation in ``pattern``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from service.domain.feel.pattern_classes import CharacterTest, escape_class, read_class, single

MAX_PATTERN = 500
MAX_PROGRAM = 3_000
_MAX_DEPTH = 40
_MAX_REPEAT = 1_000


class Malformed(ValueError):
    """The pattern cannot be used."""


@dataclass(frozen=True, slots=True)
class Take:
    """Take one character."""

    accepts: CharacterTest


@dataclass(frozen=True, slots=True)
class Split:
    """Go on at two places, preferring the first."""

    first: int
    second: int


@dataclass(frozen=True, slots=True)
class Jump:
    """Go on elsewhere."""

    to: int


@dataclass(frozen=True, slots=True)
class Save:
    """Remember the position."""

    slot: int


@dataclass(frozen=True, slots=True)
class Assertion:
    """Insist on the start or the end of the text or line."""

    at_start: bool


@dataclass(frozen=True, slots=True)
class Done:
    """The pattern has matched."""


Instruction = Take | Split | Jump | Save | Assertion | Done
_Emit = Callable[[list[Instruction]], None]


@dataclass(frozen=True, slots=True)
class Program:
    """The instructions and how many positions a match saves."""

    instructions: tuple[Instruction, ...]
    slots: int


def program_of(text: str, flags: str) -> Program | None:
    """Compile a pattern; None if it is malformed or too large."""
    if len(text) > MAX_PATTERN:
        return None
    try:
        return _Parser(text, flags).program()
    except Malformed:
        return None


class _Parser:
    def __init__(self, text: str, flags: str) -> None:
        self._text = text
        self._at = 0
        self._groups = 0
        self._depth = 0
        self._dot_takes_all = "s" in flags
        self._any_case = "i" in flags
        self._spaced = "x" in flags
        self._literal = "q" in flags

    def program(self) -> Program:
        emit = self._quoted() if self._literal else self._alternatives()
        if self._at < len(self._text):
            raise Malformed
        code: list[Instruction] = []
        _append(code, Save(0))
        emit(code)
        _append(code, Save(1))
        _append(code, Done())
        return Program(tuple(code), 2 * self._groups + 2)

    def _quoted(self) -> _Emit:
        self._at = len(self._text)
        return _sequence([self._take(single(character)) for character in self._text])

    def _peek(self) -> str:
        while self._spaced and self._text[self._at : self._at + 1].isspace():
            self._at += 1
        return self._text[self._at : self._at + 1]

    def _alternatives(self) -> _Emit:
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            raise Malformed
        branches = [self._branch()]
        while self._peek() == "|":
            self._at += 1
            branches.append(self._branch())
        self._depth -= 1
        return _alternation(branches)

    def _branch(self) -> _Emit:
        pieces = []
        while self._peek() and self._peek() not in "|)":
            pieces.append(self._quantified(self._atom()))
        return _sequence(pieces)

    def _atom(self) -> _Emit:
        character = self._peek()
        self._at += 1
        if character == "(":
            return self._group()
        if character == "^" or character == "$":
            at_start = character == "^"
            return lambda code: _append(code, Assertion(at_start))
        if character == "[":
            accepts, self._at = _checked(read_class(self._text, self._at))
            return self._take(accepts)
        if character == ".":
            return self._take((lambda _: True) if self._dot_takes_all else (lambda taken: taken not in "\n\r"))
        if character == "\\":
            accepts, self._at = _checked(escape_class(self._text, self._at))
            return self._take(accepts)
        if character in "*+?{}":
            raise Malformed
        return self._take(single(character))

    def _take(self, accepts: CharacterTest) -> _Emit:
        if self._any_case:
            exact = accepts
            accepts = lambda taken: exact(taken) or exact(taken.lower()) or exact(taken.upper())  # noqa: E731
        return lambda code: _append(code, Take(accepts))

    def _group(self) -> _Emit:
        if self._text.startswith("?:", self._at):
            self._at += 2
            inner = self._alternatives()
            self._close()
            return inner
        self._groups += 1
        number = self._groups
        inner = self._alternatives()
        self._close()

        def emit(code: list[Instruction]) -> None:
            _append(code, Save(2 * number))
            inner(code)
            _append(code, Save(2 * number + 1))

        return emit

    def _close(self) -> None:
        if self._peek() != ")":
            raise Malformed
        self._at += 1

    def _quantified(self, piece: _Emit) -> _Emit:
        sign = self._peek()
        if not sign or sign not in "*+?{":
            return piece
        self._at += 1
        least, most = self._bounds() if sign == "{" else {"*": (0, None), "+": (1, None), "?": (0, 1)}[sign]
        lazy = self._peek() == "?"
        self._at += lazy
        return _repeat(piece, least, most, lazy=lazy)

    def _bounds(self) -> tuple[int, int | None]:
        end = self._text.find("}", self._at)
        low, comma, high = self._text[self._at : end].partition(",")
        if end < 0 or not _is_number(low) or (high and not _is_number(high)):
            raise Malformed
        self._at = end + 1
        most = int(high) if high else (None if comma else int(low))
        if most is not None and most < int(low):
            raise Malformed
        return int(low), most


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and int(text[:9]) <= _MAX_REPEAT


def _checked(found: tuple[CharacterTest, int] | None) -> tuple[CharacterTest, int]:
    if found is None:
        raise Malformed
    return found


def _append(code: list[Instruction], instruction: Instruction) -> None:
    if len(code) >= MAX_PROGRAM:
        raise Malformed
    code.append(instruction)


def _sequence(pieces: list[_Emit]) -> _Emit:
    def emit(code: list[Instruction]) -> None:
        for piece in pieces:
            piece(code)

    return emit


def _alternation(branches: list[_Emit]) -> _Emit:
    if len(branches) == 1:
        return branches[0]

    def emit(code: list[Instruction]) -> None:
        exits = []
        for branch in branches[:-1]:
            split = len(code)
            _append(code, Done())
            branch(code)
            exits.append(len(code))
            _append(code, Done())
            code[split] = Split(split + 1, len(code))
        branches[-1](code)
        for place in exits:
            code[place] = Jump(len(code))

    return emit


def _repeat(piece: _Emit, least: int, most: int | None, *, lazy: bool) -> _Emit:
    def emit(code: list[Instruction]) -> None:
        for _ in range(least):
            before = len(code)
            piece(code)
            if len(code) == before:  # repeating nothing is nothing
                break
        if most is None:
            _loop(piece, code, lazy=lazy)
        else:
            for _ in range(most - least):
                _maybe(piece, code, lazy=lazy)

    return emit


def _loop(piece: _Emit, code: list[Instruction], *, lazy: bool) -> None:
    start = len(code)
    _maybe(piece, code, lazy=lazy, back_to=start)


def _maybe(piece: _Emit, code: list[Instruction], *, lazy: bool, back_to: int | None = None) -> None:
    split = len(code)
    _append(code, Done())
    piece(code)
    if back_to is not None:
        _append(code, Jump(back_to))
    code[split] = Split(len(code), split + 1) if lazy else Split(split + 1, len(code))
