"""Built-in functions that match patterns (DMN 1.5, table 74)."""

from __future__ import annotations

from service.domain.feel.values import Function

PATTERNS: list[Function] = []
