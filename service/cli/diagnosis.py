"""One check of the doctor."""

from __future__ import annotations

from dataclasses import dataclass

from service.domain.text import Text


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One check: ``ok``, what was found, and the remedy when it failed."""

    what: Text
    ok: bool
    found: Text
