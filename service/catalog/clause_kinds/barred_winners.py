"""Whom a bar holds for: winners of every tier, of one alone, or of all but some; and for which tier they may not apply."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from service.catalog.law_text.tiers_said import tier_called
from service.domain.errors import Invalid
from service.domain.text import Text


@dataclass(frozen=True, slots=True)
class Barred:
    """Whom a bar holds for: winners of the tier ``won``, (id, name), or of all but those ``spared``.

    ``applying`` is the one tier (id, name) that they may not apply for, None for any; ``form`` is the one that an application
    starts with.
    """

    won: tuple[str, str] | None = None
    spared: tuple[str, ...] = ()
    applying: tuple[str, str] | None = None
    form: str = "apply"

    @property
    def award(self) -> str:
        """What was won, as a sentence says it."""
        return f"获得{self.won[1]}" if self.won else "获奖"


def barred_winners(
    answers: Mapping[str, Any], tiers: Sequence[tuple[str, str]], since: str, won: str, form: str, *, chosen: bool
) -> Barred:
    """Return whom a bar holds for as it was answered, of the ``tiers`` (id, name); it counts from ``since``.

    ``won`` is the id of the one tier, "" for all. ``chosen``: an application says for which tier it is. Raises Invalid for a
    name of no tier, and where an answer has no sense.
    """
    spared = _spared_tiers(answers, tiers, since)
    if won and since != "award":
        raise Invalid(
            Text(
                "只有从获奖往后算的，才分奖项：请在“哪个奖项”中选“所有奖项一起”。",
                "Only a bar that counts from the award given here is one of a tier: choose all together.",
            )
        )
    said = str(answers.get("applying") or "").strip()
    if said and not chosen:
        raise Invalid(
            Text(
                f"这里申报时不选择奖项，不能只限制申报{said}：请让申报组织选择申报的奖项（类别），或者空着这一栏，不限哪个奖项。",
                f"Nobody says here which tier an application is for, so that it cannot be barred from {said} alone: let applicants "
                "choose a tier, or leave the field empty.",
            )
        )
    ident = tier_called(said, tiers) if said else ""
    if said and not ident:
        names = "、".join(name for _, name in tiers)
        raise Invalid(
            Text(
                f"没有奖项“{said}”，“不得申报的只是哪个奖项”可以填写：{names}。",
                f"There is no tier “{said}”: it is one of {names}.",
            )
        )
    names_by = dict(tiers)
    return Barred((won, names_by[won]) if won else None, spared, (ident, names_by[ident]) if ident else None, form)


def _spared_tiers(answers: Mapping[str, Any], tiers: Iterable[tuple[str, str]], since: str) -> tuple[str, ...]:
    """Return the ids of the tiers whose winners a bar spares, of the ``tiers`` (id, name); raises Invalid for another name."""
    known = {name: ident for ident, name in tiers}
    said = [one for one in re.split("[、，,和及 ]+", str(answers.get("spared") or "").strip()) if one]
    meant = [[name for name in known if name == one] or [name for name in known if name.endswith(one)] for one in said]
    if any(len(names) != 1 for names in meant) or (said and since != "award"):
        raise Invalid(
            Text(
                f"“获得哪些奖项的不受此限”只用于从获奖往后算，可以填写：{'、'.join(known)}。",
                f"Tiers are spared only where years count from the award given here, and are: {', '.join(known)}.",
            )
        )
    return tuple(known[names[0]] for names in meant)
