"""A choice of a setting that is laid over a scenario of its city, and what then holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

There = tuple[str | None, str] | tuple[str | None, str, int]
"""A case and a step of it, verb or element; the number says which where it comes more than once."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A scenario, the values set in it instead of its own, and the expectations that then hold in place of its own.

    ``through`` is the case and the step (verb or element) with which it ends, and after them the number of that step
    where it comes more than once; the case of ``until`` is None. ``left_out`` are so many of its last steps, which only
    its own values allow or refuse. ``refused`` is what a step is refused with that its own allow. ``typed`` is laid
    over what is filled in, by case (or the name of what is started) and step; ``by`` says in the same way who acts
    instead. ``unasked`` leaves out what the scenario itself expects on the way.
    ``before`` are steps, as a scenario writes them, that come before anybody acts. ``instead`` are steps and what takes
    their place; what is in ``ending`` takes the place of all that follows as well.
    """

    city: str
    scenario: str
    values: Mapping[str, Any]
    expected: tuple[Mapping[str, Any], ...]
    through: There | None = None
    left_out: int = 0
    refused: str = ""
    typed: Mapping[tuple[str, str], Mapping[str, Any]] = field(default_factory=dict)
    by: Mapping[tuple[str, str], str] = field(default_factory=dict)
    unasked: bool = False
    before: tuple[Mapping[str, Any], ...] = ()
    instead: tuple[tuple[There, tuple[Mapping[str, Any], ...]], ...] = ()
    ending: tuple[There, tuple[Mapping[str, Any], ...]] | None = None
