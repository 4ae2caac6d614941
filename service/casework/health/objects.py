"""Whether triggers, rules, views or the like stand in the database, which this program never makes."""

from __future__ import annotations

from collections.abc import Iterator

from service.casework.desk.desk import Desk
from service.casework.health.finding import HealthFinding, Level
from service.casework.health.limits import Limits
from service.casework.soundness.acting_objects import OBJECTS, own_objects
from service.casework.soundness.fault import Unsound
from service.domain.text import Text

_NONE = Text("没有触发器、规则、视图等", "no trigger, rule, view or the like")


def objects(desk: Desk, limits: Limits) -> Iterator[HealthFinding]:  # noqa: ARG001  every look takes them
    """Name all that acts by itself in the database."""
    found = [one.found for one in own_objects(desk) if isinstance(one, Unsound)]
    words = Text(" ".join(one.zh for one in found), " ".join(one.en for one in found)) if found else _NONE
    yield HealthFinding("objects", OBJECTS, Level.FAULT if found else Level.FINE, words, newest=len(found))
