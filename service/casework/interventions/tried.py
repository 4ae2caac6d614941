"""What is done is what was tried: the mark that a trial gives, and that doing it asks for."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from service.casework.interventions.effect import Effect
from service.casework.reading.history import INTERVENED
from service.casework.step.step import Step
from service.domain.errors import Conflict, Invalid
from service.domain.text import Text


class AlreadyDone(Conflict):
    """What was tried is done already, as by the first of two clicks; nothing is to be done again."""

    code = "already_done"


def wish_of(kind: str, names: tuple[str, ...], given: Mapping[str, Any], *, public: bool) -> str:
    """Return what is asked for, as a mark holds it: the kind, its values (``names``, and NAME-…), who reads the reason."""
    values = {
        name: str(given[name] or "").strip()
        for name in sorted(given)
        if name in names or any(name.startswith(f"{each}-") for each in names)
    }
    return json.dumps([kind, values, public], ensure_ascii=False, sort_keys=True)


def mark_of(wish: str, version: int, effect: Effect) -> str:
    """Return the mark of a trial: case, its version then, and a hash of what is asked for and of its effect."""
    changes = [(c.what.en, c.name, c.before and c.before.zh, c.after and c.after.zh) for c in effect.changes]
    told = [(one.name, one.subject) for one in effect.told]
    said = json.dumps([wish, changes, told], ensure_ascii=False)
    return f"{effect.case_id}-{version}-{hashlib.sha256(said.encode()).hexdigest()[:24]}"


def demand_not_done(step: Step, tried: str) -> None:
    """Raise AlreadyDone where the case was changed by what has the mark ``tried``."""
    done = step.tx.history.of_case(step.case.id) if tried else ()
    if any(row.action == INTERVENED and isinstance(row.data, dict) and row.data.get("tried") == tried for row in done):
        raise AlreadyDone(
            Text(
                "这次试算的内容已经办理，没有再办一次；办理记录中可以查看。",
                "What was tried is done already, and was not done again: the history shows it.",
            )
        )


def demand_tried(tried: str, effect: Effect) -> None:
    """Raise Invalid where nothing was tried, Conflict where the effect would be another one than that of the trial."""
    if not tried:
        raise Invalid(
            Text(
                "请先试算，核对办理后的变化，再办理。",
                "Try it first, look at what would change, and then do it.",
            )
        )
    if tried != effect.tried:
        raise Conflict(
            Text(
                "试算之后办件或者填写的内容有了变化，没有办理。请重新试算，核对后再办理。",
                "Since it was tried the case or what was filled in has changed, and nothing was done: try it again.",
            )
        )
