"""Answers from elsewhere, laid into the blank places of a form: what somebody typed, or the diagram says, stays."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def laid_over(first: Mapping[str, Any], answers: Mapping[str, Any]) -> dict[str, Any]:
    """Return the ``first`` values of a form with ``answers`` in their blank places."""
    laid = dict(first)
    for name, answer in answers.items():
        known = laid.get(name)
        if isinstance(known, Mapping) and isinstance(answer, Mapping):
            laid[name] = laid_over(known, answer)
        elif _is_blank(known):
            laid[name] = answer
    return laid


def _is_blank(value: object) -> bool:
    """Return whether nothing was answered: a list of rows in which nothing stands is blank, too."""
    if isinstance(value, Mapping):
        return all(_is_blank(one) for one in value.values())
    if isinstance(value, list):
        return all(_is_blank(one) for one in value)
    return value is None or value is False or value == ""
