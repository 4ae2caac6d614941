"""Errors and problems of decision models."""

from __future__ import annotations

from dataclasses import dataclass

from service.domain.errors import LaurelError
from service.domain.text import Text


class DecisionModelError(LaurelError):
    """The bytes are no decision model that can be read."""

    code = "decision_model"


class HitPolicyViolated(LaurelError):
    """Rules of a decision table match that may not match together."""

    code = "hit_policy"


@dataclass(frozen=True, slots=True)
class TableProblem:
    """Something wrong with a table; ``rule_id`` is the row it is about, None for the table as a whole."""

    rule_id: str | None
    message: Text
