"""The terms in which a form editor is told what it may offer: kinds of components, their settings, how each is entered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from service.domain.forms.model import NO_TEXT
from service.domain.text import Text


class EntryWay(StrEnum):
    """How a setting is entered. ``TEXT_FLAG`` and ``TEXT_WHOLE`` are kept as text, as ``properties`` want it."""

    TEXT = "text"
    LONG = "long"
    NAME = "name"
    FLAG = "flag"
    TEXT_FLAG = "text_flag"
    WHOLE = "whole"
    TEXT_WHOLE = "text_whole"
    NUMBER = "number"
    FORMULA = "formula"
    PLAIN_FORMULA = "plain_formula"
    CHOICE = "choice"
    OPTIONS = "options"
    CLAUSES = "clauses"
    SIZE = "size"
    RULES = "rules"


@dataclass(frozen=True, slots=True)
class OfferedSetting:
    """One setting of a component: the key path where it stands, how it is called and entered.

    ``choices`` are (value, words); ``help`` says what it does. ``FORMULA`` is written with a leading "=".
    """

    place: str
    entry: EntryWay
    label: Text
    help: Text = NO_TEXT
    choices: tuple[tuple[str, Text], ...] = ()
    off: Any = None

    def as_json(self) -> dict[str, Any]:
        """Return it for the script of the editor."""
        return {
            "place": self.place, "entry": self.entry.value, "label": self.label.as_json(), "help": self.help.as_json(),
            "choices": [[value, words.as_json()] for value, words in self.choices], "off": self.off,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class OfferedKind:
    """A kind of component: its ``group`` in the palette, what a new one holds, and its settings by section."""

    type: str
    group: str
    label: Text
    new: Mapping[str, Any]
    sections: Mapping[str, tuple[OfferedSetting, ...]]

    def as_json(self) -> dict[str, Any]:
        """Return it for the script of the editor."""
        sections = {name: [setting.as_json() for setting in found] for name, found in self.sections.items()}
        return {
            "type": self.type, "group": self.group, "label": self.label.as_json(),
            "new": dict(self.new), "sections": sections,
        }  # fmt: skip


SECTIONS: Mapping[str, Text] = MappingProxyType(
    {
        "words": Text("文字", "Words"),
        "answer": Text("填写要求", "What may be entered"),
        "shown": Text("何时显示", "When it is shown"),
        "basis": Text("依据与保护", "Basis and protection"),
        "rules": Text("核对规则", "Rules"),
        "name": Text("名称与位置", "Name and place"),
    }
)
"""The sections of the property sheet, in order."""

GROUPS: Mapping[str, Text] = MappingProxyType(
    {
        "fill": Text("填写", "To fill in"),
        "choose": Text("选择", "To choose"),
        "hold": Text("归组", "To group"),
        "show": Text("展示", "To show"),
    }
)
"""The groups of the palette, in order."""
