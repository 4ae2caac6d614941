"""Entries of a FEEL context whose values are formulas kept as texts: read, and written anew."""

from __future__ import annotations

import re

_ENTRY = r'(?<![\w"])%s: "((?:[^"\\]|\\.)*)"'


def has_entry(said: str, entry: str) -> bool:
    """Tell whether the context ``said`` has ``entry``."""
    return re.search(_ENTRY % entry, said) is not None


def entry_of(said: str, entry: str, deep: bool) -> str:
    """Return the formula that stands for ``entry``, "" for none; ``deep``: written as a text within a text."""
    found = re.search(_ENTRY % entry, said)
    if found is None:
        return ""
    text = unescaped(found[1])
    return unescaped(text[1:-1]) if deep and text.startswith('"') else text


def with_entry(said: str, entry: str, formula: str, deep: bool) -> str:
    """Return the context with ``formula`` for ``entry``, which it need not have."""
    text = f'"{escaped(formula)}"' if deep else formula
    new = f'{entry}: "{escaped(text)}"'
    if has_entry(said, entry):
        return re.sub(_ENTRY % entry, lambda _: new, said, count=1)
    return f"{said.rstrip()[:-1]}, {new}}}"


def escaped(text: str) -> str:
    """Return a text as it stands between quotes."""
    return text.replace("\\", "\\\\").replace('"', '\\"')


def unescaped(text: str) -> str:
    """Return what stands between quotes as a text."""
    return re.sub(r"\\(.)", r"\1", text)
