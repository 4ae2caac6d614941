"""Tell a deliberate null from an accidental one: a formula may say null, or read a name that is missing."""

from __future__ import annotations

import re
from collections.abc import Mapping

from service.casework.step.step import Step

_SETTING = re.compile(r"\bparam\.(\w+)")
_SAYS_SO = re.compile(r"\bnull\b|\bget value\(")


def is_deliberate_null(step: Step, process_id: str, expression: str, data: Mapping[str, object]) -> bool:
    """Return whether ``expression``, which came to null, may: then nothing was meant.

    It may where it says so itself (it reads ``null`` or ``get value``), where a setting that it reads is not set, and
    where its process declares what it reads as ``optional``.
    """
    if _SAYS_SO.search(expression):
        return True
    values, _ = step.instance.evaluate("param", data)
    if isinstance(values, Mapping) and any(values.get(name) is None for name in _SETTING.findall(expression)):
        return True
    return any(re.search(rf"\b{re.escape(word)}\b", expression) for word in step.package.diagram(process_id).optional)
