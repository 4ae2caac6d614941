"""Regular expressions in time linear in the text: a parallel simulation that cannot backtrack.

The dialect is that of XQuery and XPath functions (flags s, m, i, x, q), without back-references.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from service.domain.feel.limits import Meter
from service.domain.feel.pattern_parser import Assertion, Instruction, Jump, Save, Split, Take, program_of


@dataclass(frozen=True, slots=True)
class Match:
    """Where a pattern matched: ``saved`` holds start and end of the whole and of each group, None if unused."""

    saved: tuple[int | None, ...]

    @property
    def start(self) -> int:
        """The position of the first character."""
        return self.saved[0] or 0

    @property
    def end(self) -> int:
        """The position after the last character."""
        return self.saved[1] or 0

    def group(self, text: str, number: int) -> str:
        """Return what group ``number`` matched; empty if it took no part or does not exist."""
        if 2 * number + 1 >= len(self.saved):
            return ""
        start, end = self.saved[2 * number], self.saved[2 * number + 1]
        return "" if start is None or end is None else text[start:end]


_Thread = tuple[int, tuple[int | None, ...]]


@dataclass(frozen=True, slots=True)
class Pattern:
    """A compiled pattern; ``slots`` is how many positions a match saves."""

    program: tuple[Instruction, ...]
    slots: int
    multiline: bool

    def search(self, text: str, start: int, meter: Meter) -> Match | None:
        """Return the leftmost match at or after ``start``, preferring as the pattern does."""
        threads: list[_Thread] = []
        found: tuple[int | None, ...] | None = None
        for position in range(start, len(text) + 1):
            if found is None:
                threads = self._closure([*threads, (0, (None,) * self.slots)], text, position, meter)
            elif not threads:
                break
            meter.charge(1 + len(threads))
            found, threads = self._step(threads, text, position, found, meter)
        return None if found is None else Match(found)

    def _step(
        self, threads: list[_Thread], text: str, position: int, found: tuple[int | None, ...] | None, meter: Meter
    ) -> tuple[tuple[int | None, ...] | None, list[_Thread]]:
        """Let every thread take one character; a finished one cuts off those of lower rank."""
        following: list[_Thread] = []
        for place, saved in threads:
            instruction = self.program[place]
            if not isinstance(instruction, Take):
                found = saved
                break
            if position < len(text) and instruction.accepts(text[position]):
                following.append((place + 1, saved))
        return found, self._closure(following, text, position + 1, meter) if following else []

    def _closure(self, threads: list[_Thread], text: str, position: int, meter: Meter) -> list[_Thread]:
        """Follow jumps, splits, saves and assertions, each place once, in order of rank."""
        result: list[_Thread] = []
        seen: set[int] = set()
        pending = threads[::-1]
        while pending:
            place, saved = pending.pop()
            if place in seen:
                continue
            seen.add(place)
            instruction = self.program[place]
            if isinstance(instruction, Jump):
                pending.append((instruction.to, saved))
            elif isinstance(instruction, Split):
                pending.extend(((instruction.second, saved), (instruction.first, saved)))
            elif isinstance(instruction, Save):
                slot = instruction.slot
                pending.append((place + 1, (*saved[:slot], position, *saved[slot + 1 :])))
            elif isinstance(instruction, Assertion):
                if self._holds(instruction, text, position):
                    pending.append((place + 1, saved))
            else:
                result.append((place, saved))
        meter.charge(len(seen) * (1 + self.slots // 16))
        return result

    def _holds(self, assertion: Assertion, text: str, position: int) -> bool:
        if assertion.at_start:
            return position == 0 or (self.multiline and text[position - 1] == "\n")
        return position == len(text) or (self.multiline and text[position] == "\n")

    def find_all(self, text: str, meter: Meter) -> Iterator[Match]:
        """Return all matches from left to right that do not overlap."""
        position = 0
        while position <= len(text):
            match = self.search(text, position, meter)
            if match is None:
                return
            yield match
            position = match.end if match.end > match.start else match.end + 1


@lru_cache(maxsize=256)
def compile_pattern(text: str, flags: str = "") -> Pattern | None:
    """Compile a pattern; None if it is malformed, too long, or uses what this dialect lacks."""
    if set(flags) - set("smixq"):
        return None
    compiled = program_of(text, flags)
    return None if compiled is None else Pattern(compiled.instructions, compiled.slots, "m" in flags)
