"""The registry of rules: id, sentence, extent, and the fact about the engine that a rule guards."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple, TypeAlias

from service.catalog.problems import Problem, Severity
from service.catalog.rules.context import Checked
from service.domain.text import Text


class Extent(StrEnum):
    """How far a rule looks: what else has to be looked at again once a file has changed."""

    DIAGRAM = "diagram"
    """One diagram and nothing else."""
    PROCESS = "process"
    """One diagram, with the pieces that are no diagrams."""
    PIECES = "pieces"
    """Forms, tables, documents, settings: anything but diagrams."""
    PACKAGE = "package"
    """Diagrams that call or tell one another, and all the rest."""
    JURISDICTION = "jurisdiction"
    """A package, and what the other awards of its jurisdiction carry out."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule as the manual tells it. An id never changes its meaning; ``fact``: what the engine does where it is broken."""

    id: str
    family: str
    extent: Extent
    sentence: str
    fact: str = ""


Find: TypeAlias = Callable[[Checked], Iterator[Problem]]


@dataclass(frozen=True, slots=True)
class Check:
    """What finds the places where one rule or a few are broken."""

    find: Find
    extent: Extent
    rules: tuple[Rule, ...]

    def __call__(self, checked: Checked) -> Iterator[Problem]:
        """Yield the problems, anew only where something that this looks at has changed."""
        if self.extent in (Extent.PACKAGE, Extent.JURISDICTION):
            yield from self.find(checked)
        elif self.extent is Extent.PIECES:
            yield from checked.once(self.find, lambda: tuple(self.find(checked)))
        elif self.extent is Extent.DIAGRAM:
            for diagram in checked.diagrams.values():
                only = checked.only(diagram)
                yield from checked.once_alone(self.find, diagram, lambda only=only: tuple(self.find(only)))  # type: ignore[misc]
        else:
            for diagram in checked.diagrams.values():
                only = checked.only(diagram)
                yield from checked.once(self.find, lambda only=only: tuple(self.find(only)), diagram)  # type: ignore[misc]


class Said(NamedTuple):
    """The words of a rule about what the engine does: ``{…}`` in a sentence is filled in."""

    sentence: str
    fact: str
    zh: str
    en: str
    remedy_zh: str
    remedy_en: str

    def problem(self, file: str, element: str, rule: str, **values: object) -> Problem:
        """Return the problem of ``element`` with ``rule``; a Text among the ``values`` is filled in in either language."""
        zh = {key: value.zh if isinstance(value, Text) else value for key, value in values.items()}
        en = {key: value.en if isinstance(value, Text) else value for key, value in values.items()}
        message = Text(self.zh.format(**zh), self.en.format(**en))
        remedy = Text(self.remedy_zh.format(**zh), self.remedy_en.format(**en))
        return Problem(file, element, rule, message, remedy, Severity.ERROR)


def check(extent: Extent, *rules: str, said: Mapping[str, Said] | None = None) -> Callable[[Find], Check]:
    """Make a check of a function: ``rules`` are told by its docstring, those about what the engine does by their words."""

    def make_check(find: Find) -> Check:
        family, sentence = find.__module__.rpartition(".")[2], (find.__doc__ or "").strip().splitlines()[0]
        check_rules = [Rule(ident, family, extent, sentence) for ident in rules]
        check_rules += [
            Rule(ident, family, extent, words.sentence, words.fact) for ident, words in (said or {}).items()
        ]
        return Check(find, extent, tuple(check_rules))

    return make_check
