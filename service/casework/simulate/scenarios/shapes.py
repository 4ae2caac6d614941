"""What may stand where in a scenario: each value as an input that a page can offer, labelled in the words of the package."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import Enum

from service.domain.text import Text


class Like(Enum):
    """As what a value is entered."""

    TEXT = "text"
    LONG = "long"
    NUMBER = "number"
    DAY = "day"
    MOMENT = "moment"
    YES = "yes"
    CHOICE = "choice"
    SEVERAL = "several"
    FILE = "file"
    WORDS = "words"
    """Several words, one a line."""
    TEXTS = "texts"
    """Several texts, which may run over lines; a single one stands without a list."""
    LISTED = "listed"
    """Several of the options, one after another."""
    SCALAR = "scalar"
    """A number, a day, yes or no, or a text: read as a scenario file reads it."""
    VOTE = "vote"
    """How the members voted: shown in words, read in words or as the letters of a scenario file."""
    GROUP = "group"
    ROWS = "rows"
    PAIRS = "pairs"
    """A name and what is said of it, pair by pair."""


@dataclass(frozen=True, slots=True)
class ValueShape:
    """One value: ``options`` are what may be chosen, or what is proposed for a text; ``inner`` are the parts of a group or row."""

    key: str
    label: Text
    like: Like
    options: tuple[tuple[str, Text], ...] = ()
    inner: tuple[ValueShape, ...] = ()
    formula: str = ""
    hint: Text | None = None

    def offering(self, options: Iterable[tuple[str, Text]]) -> ValueShape:
        """Return it with other options."""
        return replace(self, options=tuple(options))


def offering(shape: ValueShape, found: Mapping[str, tuple[tuple[str, Text], ...]], path: str = "") -> ValueShape:
    """Return ``shape`` with the options ``found`` by path, rows written as ``staff[]``."""
    here = f"{path}.{shape.key}" if path else shape.key
    below = f"{here}[]" if shape.like is Like.ROWS else here
    inner = tuple(offering(one, found, below) for one in shape.inner)
    return replace(shape, inner=inner, options=found.get(here, shape.options))


def formulas(shape: ValueShape, path: str = "") -> dict[str, str]:
    """Return the formulas that give options, by path."""
    here = f"{path}.{shape.key}" if path else shape.key
    below = f"{here}[]" if shape.like is Like.ROWS else here
    found = {here: shape.formula} if shape.formula else {}
    for one in shape.inner:
        found |= formulas(one, below)
    return found
