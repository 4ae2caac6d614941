"""The draws of experts of a round: seed, list and rules, with numbers of the register in the place of names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from service.casework.sealing.round_read import RoundRead
from service.store.rows import DrawRow

_SEED = ("fingerprint", "round", "case", "stage", "draw")
_RULES = ("places", "from_sector", "per_body", "odd", "from_outside")


def draws_part(read: RoundRead) -> list[dict[str, Any]]:
    """Return every draw made in a case of the round.

    An expert is the number in the register. Of the employer only is said who has the same one, of a sector whether it is
    the one asked for, of a conflict that there is one: this is what a draw is computed from.
    """
    return [_draw(row) for case in read.cases for row in read.tx.panels.draws(case.id)]


def _draw(row: DrawRow) -> dict[str, Any]:
    employers: dict[str, int] = {}
    rules: Mapping[str, Any] = row.rules
    sector = rules.get("sector") or ""
    return {
        "draw": row.id,
        "case": row.case_id,
        "stage": row.stage,
        "number": row.number,
        "method": row.method,
        "drawn_at": row.drawn_at.isoformat(),
        "seed": row.seed,
        "seed_from": {name: row.seed_source[name] for name in _SEED if name in row.seed_source},
        "seed_text": row.seed_source.get("text"),
        "notice": row.seed_source.get("notice"),
        "pool": [
            {
                "expert": one["id"],
                "of_sector": sector in one["sectors"],
                "employer": employers.setdefault(one["body"], len(employers) + 1) if one["body"] else None,
                "unfit": bool(one["unfit"]),
                "outside": bool(one.get("outside")),
            }
            for one in row.pool
        ],
        "rules": {
            **{name: rules.get(name, 0) for name in _RULES},
            "conflicts": sorted(int(ident) for ident in rules.get("conflicts") or {}),
            "taken": sorted(rules.get("taken") or ()),
            **({"sitting": sorted(rules["sitting"])} if rules.get("sitting") else {}),
        },
        "chosen": row.result["chosen"],
        "reserve": row.result.get("reserve", []),
    }
