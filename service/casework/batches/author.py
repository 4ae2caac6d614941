"""Whoever began work over many cases: it is done in their name, with what they hold when a case has its turn."""

from __future__ import annotations

from service.casework.access.actor import Actor
from service.domain.errors import NotAllowed
from service.domain.text import Text


def demand_still_administrator(author: Actor, jurisdiction: str) -> None:
    """Raise NotAllowed, with a sentence for the result of a case, where who began the batch lost the right meanwhile."""
    if not (author.administers(jurisdiction) or author.secures(jurisdiction)):
        raise NotAllowed(
            Text(
                f"发起人{author.name}现在不是本辖区管理员，这件没有办理。请由现任管理员重新发起。",
                f"{author.name}, who began this, is no longer an administrator of the place, so nothing was done here:"
                " let a present administrator begin it anew.",
            )
        )
