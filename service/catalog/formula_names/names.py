"""A name that a formula may read: what it is called, what kind of value it has, what is inside it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from service.domain.feel.kind_words import KIND_WORDS
from service.domain.feel.spans import Span
from service.domain.text import Text

_KINDS = {kind.value: words for kind, words in KIND_WORDS.items()}
ANYTHING = Text("任意", "anything")
UNNAMED = Text("", "")


@dataclass(frozen=True, slots=True)
class FormulaName:
    """A name; ``type`` is a FEEL type, ``entries`` what may follow the dot, or what each row of a list has.

    ``choices`` are the values that a field offers, with their words, ``span`` what its numbers lie between,
    ``most_signs`` how long its texts may be; ``is_box`` says that it is a box which, left alone, may say nothing.
    """

    name: str
    type: str = "Any"
    label: Text = UNNAMED
    entries: tuple[FormulaName, ...] = ()
    choices: tuple[tuple[str, Text], ...] = ()
    span: Span | None = None
    most_signs: int | None = None
    is_box: bool = False

    @property
    def kind(self) -> Text:
        """The type in words."""
        return kind_words(self.type)

    @property
    def is_list(self) -> bool:
        """Whether it holds rows."""
        return self.type.startswith("list")


def kind_words(type_: str) -> Text:
    """Return a FEEL type in words."""
    return _KINDS.get(type_.partition("<")[0], ANYTHING)


def by_name(names: Iterable[FormulaName]) -> dict[str, FormulaName]:
    """Return the first of each name."""
    name_map: dict[str, FormulaName] = {}
    for name in names:
        name_map.setdefault(name.name, name)
    return name_map
