"""The invitations of the demonstration, from people.yaml: an office asks experts of another city to join its register."""

from __future__ import annotations

import logging
from collections.abc import Iterable

from service.casework.desk.desk import Desk
from service.casework.people.factors.sessions import acting_as
from service.casework.review.expert_register import add_expert
from service.domain.errors import LaurelError
from service.web.demo.cast import expert_of
from service.web.demo.cities import DemoCity

LOG = logging.getLogger("laurel.demo")


def invite_written(desk: Desk, cities: Iterable[DemoCity]) -> None:
    """Send what is written under ``invitations`` when every season has ended: experts without a panel have it to answer.

    Each names the office's person (``by``) and the experts of other cities (``of``).
    """
    cities = tuple(cities)
    experts = {row["login"]: row for city in cities for row in city.people.get("experts") or ()}
    for city in cities:
        for one in city.people.get("invitations") or ():
            office = acting_as(desk, one["by"])
            assert office is not None
            for login in one["of"]:
                try:
                    add_expert(desk, office, expert_of(city, experts[login]))
                except LaurelError as refusal:
                    # A city may be redrawn before its people are rewritten: the rest of it is still worth showing.
                    LOG.warning("邀请没有办成：%s", refusal.message.zh)
