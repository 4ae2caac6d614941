"""What is asked of the drawing of a clause, and what comes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from service.catalog.clause_kinds.clause_assistants import AssistKind
from service.catalog.parameters.parameters import Unit


@dataclass(frozen=True, slots=True)
class Drawn:
    """Files that change, and the elements ("file#id") that are to cite the clause besides."""

    files: dict[str, bytes] = field(default_factory=dict)
    citing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DrawnFor:
    """For what is drawn: the ``clause``, and the ``parameter`` (and the ``second``) that carries its value.

    ``tier`` is the one that a quota or a prize is for, "" for all; ``answers`` are those to the questions of the kind,
    ``unit`` is what the value counts.
    """

    kind: AssistKind
    clause: str
    parameter: str
    second: str = ""
    tier: str = ""
    answers: Mapping[str, Any] = field(default_factory=dict)
    unit: Unit = Unit.YEARS
