"""Changes of the facts of a case, as they are kept beside the audit entry of the step that made them.

They stand outside what the entry's hash is made of, so that a value can be erased; the hashed part holds their digest.
A random salt is among what the digest is made of: while it is there anybody can compare, and once it is erased nobody
can find out by guessing what stood there.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

LONGEST = 400
"""A value whose JSON has more characters is kept in short form, with its digest."""

SALT_BYTES = 12

_BEGINNING = 100
_SALT, _STEPS = "salt", "steps"
_SIDES = ("old", "new")
_CANONICAL = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=dict)


@dataclass(frozen=True, slots=True)
class FactChange:
    """A fact that got another value: ``old`` or ``new`` None where there was or is none, or a `LongValue` read back.

    ``step`` of the diagram (process/element) set it, None where what the entry tells did so; ``who`` set it, in words,
    None for the program in a step of its own.
    """

    name: str
    old: Any
    new: Any
    step: str | None
    who: str | None


@dataclass(frozen=True, slots=True)
class LongValue:
    """A value of which the short form is left: how many ``items``, or letters of a text, how it begins, its digest."""

    items: int
    beginning: str | None
    sha256: str


def differs(old: Any, new: Any) -> bool:
    """Return whether two JSON values are different ones; 1 and true are."""
    return bool(old != new) or isinstance(old, bool) != isinstance(new, bool)


def to_stored_changes(changes: Sequence[FactChange], author: str, salt: str) -> dict[str, Any]:
    """Return what is kept of ``changes`` beside an entry of ``author``; ``salt`` is random hexadecimal text.

    What one step changed stands together: its old and its new values by name, long ones apart.
    """
    steps: list[dict[str, Any]] = []
    last: tuple[object, ...] = ()
    for change in changes:
        place = (change.step, change.who)
        if place != last or any(change.name in part for part in _list_parts(steps[-1])):
            fields = {"step": change.step, "by": change.who if change.step or change.who != author else None}
            steps.append({name: value for name, value in fields.items() if value is not None})
            last = place
        for side, value in zip(_SIDES, (change.old, change.new), strict=True):
            if value is not None:
                _put_value(steps[-1], side, change.name, value, salt)
    return {_SALT: salt, _STEPS: steps}


def read_changes(stored_changes: Mapping[str, Any], author: str) -> Iterator[FactChange]:
    """Yield the changes that were kept beside an entry of ``author``, in their order."""
    for entry in stored_changes.get(_STEPS, ()):
        step, who = entry.get("step"), entry.get("by")
        for name in dict.fromkeys(name for part in _list_parts(entry) for name in part):
            old, new = (_read_value(entry, side, name) for side in _SIDES)
            yield FactChange(name, old, new, step, who if who is not None or step else author)


def changes_digest(stored_changes: Mapping[str, Any]) -> str:
    """Return the SHA-256 (hex) over the canonical JSON of what is kept."""
    return hashlib.sha256(_CANONICAL.encode(stored_changes).encode()).hexdigest()


def erased_changes(
    stored_changes: Mapping[str, Any], erase: Callable[[Any], Any], marker: str, *, whole: bool
) -> dict[str, Any] | None:
    """Return what is left of ``stored_changes`` where words are erased, None where nothing of it goes.

    ``erase`` takes words out of a value; with ``whole`` all values become ``marker``. It also stands for the salt and for
    what is left of long values, by which a value could be guessed.
    """
    steps = [dict(step) for step in stored_changes.get(_STEPS, ())]
    erased_steps = [_erase_step(step, erase, marker, whole=whole) for step in steps]
    return None if erased_steps == steps else {_SALT: marker, _STEPS: erased_steps}


def _list_parts(step: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the values of a step by name: new, old, and the long ones."""
    return [step[key] for key in ("new", "new_long", "old", "old_long") if key in step]


def _put_value(step: dict[str, Any], side: str, name: str, value: Any, salt: str) -> None:
    text = _CANONICAL.encode(value)
    if len(text) <= LONGEST:
        step.setdefault(side, {})[name] = value
        return
    short: dict[str, Any] = {"items": len(value), "sha256": hashlib.sha256(f"{salt}{text}".encode()).hexdigest()}
    if isinstance(value, str):
        short["beginning"] = value[:_BEGINNING]
    step.setdefault(f"{side}_long", {})[name] = short


def _read_value(step: Mapping[str, Any], side: str, name: str) -> Any:
    short = step.get(f"{side}_long", {}).get(name)
    if short is None:
        return step.get(side, {}).get(name)
    return LongValue(int(short["items"]), short.get("beginning"), str(short["sha256"]))


def _erase_step(step: Mapping[str, Any], erase: Callable[[Any], Any], marker: str, *, whole: bool) -> dict[str, Any]:
    result = dict(step)
    if "by" in result:
        result["by"] = erase(result["by"])
    for side in _SIDES:
        if side in result:
            result[side] = {name: marker if whole else erase(value) for name, value in result[side].items()}
        if f"{side}_long" in result:  # a word may be cut in two where its beginning ends
            long_values = result[f"{side}_long"]
            result[f"{side}_long"] = {
                name: {**short, **dict.fromkeys(short.keys() - {"items"}, marker)}
                for name, short in long_values.items()
            }
    return result
