"""Mistakes of the regulations themselves, as the designer is told of them."""

from __future__ import annotations

from collections.abc import Iterable

from service.catalog.law import Law
from service.catalog.problems import Problem, Severity
from service.domain.text import Text

RULE = "remark"
"""What a remark has in place of a rule."""


def remarks_of(laws: Iterable[Law]) -> tuple[Problem, ...]:
    """Return the remarks of ``laws``, each once; ``element`` holds the clauses, ``remedy`` the reading chosen."""
    found = {
        Problem(
            law.file,
            " ".join(remark.clauses),
            RULE,
            remark.text,
            Text(f"采用的理解：{remark.reading.zh}", f"Read as: {remark.reading.en}"),
            Severity.REMARK,
        ): None
        for law in laws
        for remark in law.remarks
    }
    return tuple(found)
