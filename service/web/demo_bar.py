"""The bar at the top of a demonstration: whom one plays, and what day it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from service.web.current import the_actor, the_desk
from service.web.demo import PERSONAS, Persona


@dataclass(frozen=True, slots=True)
class DemoBar:
    """What the bar shows."""

    personas: tuple[Persona, ...]
    playing: str
    now: datetime


def demo_bar() -> DemoBar:
    """Return the bar of this request."""
    return DemoBar(PERSONAS, the_actor().name, the_desk().clock.now())
