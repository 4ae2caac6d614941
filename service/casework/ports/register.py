"""Awards and sanctions on record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from service.casework.scope import register_of
from service.casework.step import Step


class RegisterPort:
    """The register, across rounds and cases."""

    def __init__(self, step: Step) -> None:
        self._step = step

    def awards(self, subject: int) -> Sequence[Mapping[str, Any]]:
        """Return awards of an organisation, newest first."""
        found: Sequence[Mapping[str, Any]] = register_of(self._step.tx, subject)["awards"]
        return found

    def sanctions(self, subject: int) -> Sequence[Mapping[str, Any]]:
        """Return sanctions of an organisation, newest first."""
        found: Sequence[Mapping[str, Any]] = register_of(self._step.tx, subject)["sanctions"]
        return found
