"""Choices of settings that are played by laying them over a scenario of their own.

``tests/data/plays/<city>.yaml`` has a row for each: ``scenario``, what is ``set`` in it and the other keys of `Choice`
(``expect`` for what is expected). In ``typed``, ``by``, ``instead`` and ``ending`` a place stands under ``at``, beside it
what is filled in (``with``), who acts (``as``) or the ``steps``.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from tests.scenarios.laid_over import Choice
from tests.scenarios.shared_setting_plays import SHARED

BY_TEST = "test_settings"
"""Stands before the scenario where the test lays the choice over it."""

PLAYS = Path(__file__).parents[1] / "data" / "plays"


def read_choice(city: str, row: Mapping[str, Any]) -> Choice:
    """Return the choice that a row of a city's file describes."""
    rest = {key: row[key] for key in ("left_out", "refused", "unasked", "unrefused") if key in row}
    ending = row.get("ending")
    return Choice(
        city,
        row["scenario"],
        row["set"],
        tuple(row.get("expect", ())),
        through=tuple(row["through"]) if "through" in row else None,
        typed={tuple(one["at"]): one["with"] for one in row.get("typed", ())},
        by={tuple(one["at"]): one["as"] for one in row.get("by", ())},
        before=tuple(row.get("before", ())),
        instead=tuple((tuple(one["at"]), tuple(one["steps"])) for one in row.get("instead", ())),
        ending=(tuple(ending["at"]), tuple(ending["steps"])) if ending else None,
        **rest,
    )


CHOICES = (
    *(
        read_choice(file.stem, row)
        for file in sorted(PLAYS.glob("*.yaml"))
        for row in yaml.load(file.read_bytes(), yaml.CSafeLoader)
    ),
    *SHARED,
)
