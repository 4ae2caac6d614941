"""The bar at the top of a demonstration: whom one plays, and what day it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from service.web.current import the_actor, the_desk
from service.web.demo import Persona, personas


@dataclass(frozen=True, slots=True)
class DemoBar:
    """What the bar shows: people by group, whom one plays, the instant."""

    groups: tuple[tuple[str, tuple[Persona, ...]], ...]
    playing: str
    now: datetime


def demo_bar() -> DemoBar:
    """Return the bar of this request."""
    groups = tuple((name, tuple(people)) for name, people in groupby(personas(), key=lambda p: p.group))
    return DemoBar(groups, the_actor().name, the_desk().clock.now())
