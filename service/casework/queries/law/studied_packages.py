"""Published packages that the actor may study on the pages of law and settings."""

from __future__ import annotations

from service.casework.access.actor import Actor
from service.casework.desk.desk import Desk
from service.casework.reading.published import published
from service.catalog import Package
from service.domain.errors import NotFound
from service.domain.text import Text
from service.store import Transaction


def studied_packages(desk: Desk, tx: Transaction, actor: Actor, jurisdiction: str) -> tuple[Package, ...]:
    """Return the current packages of ``jurisdiction``; raises NotFound where there are none or they are not the reader's."""
    found = published(desk, tx).of(jurisdiction) if actor.studies(jurisdiction) else ()
    if not found:
        raise NotFound(
            Text(
                "没有这个辖区，或者您不负责它。请从“条款与设置”进入。",
                "There is no such jurisdiction, or it is not yours. Start from “Law and settings”.",
            )
        )
    return found


def studied_package(desk: Desk, tx: Transaction, actor: Actor, key: str) -> Package:
    """Return the current package ``key`` ("jurisdiction/award"); raises NotFound."""
    for package in studied_packages(desk, tx, actor, key.partition("/")[0]):
        if package.key == key:
            return package
    raise NotFound(Text(f"没有发布“{key}”。", f"“{key}” is not published."))


def studied_cities(desk: Desk, tx: Transaction, actor: Actor) -> tuple[tuple[str, tuple[Package, ...]], ...]:
    """Return every jurisdiction that the reader may study, with its packages."""
    known = published(desk, tx)
    return tuple((city, known.of(city)) for city in sorted(known.jurisdictions()) if actor.studies(city))
