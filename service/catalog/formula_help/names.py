"""A name that a formula may read: what it is called, what kind of value it has, what is inside it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from service.domain.text import Text

_KINDS = {
    "string": Text("文字", "text"),
    "number": Text("数字", "number"),
    "boolean": Text("是或否", "true or false"),
    "date": Text("日期", "date"),
    "time": Text("时刻", "time of day"),
    "date and time": Text("日期时间", "date with time"),
    "days and time duration": Text("时长", "duration"),
    "years and months duration": Text("年月时长", "years and months"),
    "list": Text("名单", "list"),
    "context": Text("一组值", "group of values"),
}
ANYTHING = Text("任意", "anything")
UNNAMED = Text("", "")


@dataclass(frozen=True, slots=True)
class FormulaName:
    """A name; ``type`` is a FEEL type, ``entries`` what may follow the dot, or what each row of a list has.

    ``choices`` are the values that a field offers, with their words.
    """

    name: str
    type: str = "Any"
    label: Text = UNNAMED
    entries: tuple[FormulaName, ...] = ()
    choices: tuple[tuple[str, Text], ...] = ()

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
    found: dict[str, FormulaName] = {}
    for name in names:
        found.setdefault(name.name, name)
    return found
