"""From a broken rule to a problem with its sentences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from service.domain.text import Text
from service.engine.model import EngineProblem


class Rule(NamedTuple):
    """A rule's sentences: what is wrong, and what to draw instead; ``{…}`` is filled in."""

    zh: str
    en: str
    remedy_zh: str
    remedy_en: str


def make(rules: Mapping[str, Rule], rule: str, file: str, element: str | None, **values: object) -> EngineProblem:
    """Return the problem of ``element`` with ``rule``."""
    known = rules[rule]
    filled = {"id": element or "?", **values}
    message = Text(known.zh.format(**filled), known.en.format(**filled))
    remedy = Text(known.remedy_zh.format(**filled), known.remedy_en.format(**filled))
    return EngineProblem(file, element or "", rule, message, remedy)
