"""Prepare the fictional seasons of the demonstration by the real use cases."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from time import monotonic

from service.casework.access.actor import SECURITY_ADMINISTRATOR, SYSTEM, Seat
from service.casework.access.book.enter import entering
from service.casework.definitions.change_setting import change_setting
from service.casework.definitions.deploy import PackageRefused, deploy_package
from service.casework.desk.clock import VirtualClock
from service.casework.desk.demo_clock import START, DemoClock
from service.casework.desk.desk import Desk
from service.casework.reading.contacts import CONTACT
from service.casework.simulate.scenarios.scenario import Move, Scenario
from service.casework.simulate.stage.ballots import BALLOT_DOERS
from service.casework.simulate.stage.stage import PlayState
from service.casework.simulate.stage.verbs import DOERS
from service.casework.step.submission import FormInvalid
from service.catalog import Package, load_catalog
from service.catalog.scenarios.proofs import with_proofs
from service.catalog.tree import Files, read_sources
from service.domain.calendar import local_date
from service.domain.errors import LaurelError
from service.domain.text import Text
from service.web.demo.asked import ask_written
from service.web.demo.cast import cast_of
from service.web.demo.cities import PROJECT, DemoCity, Persona, cities, personas
from service.web.demo.drafts import open_written
from service.web.demo.invitations import invite_written
from service.web.demo.outsiders import rate_written, register_written
from service.web.demo.sittings import Sittings

__all__ = ["DemoClock", "Persona", "load_demo", "personas"]

LOG = logging.getLogger("laurel.demo")
_DOERS = {**DOERS, **BALLOT_DOERS}


class HalfPrepared(LaurelError):
    """The seasons were not prepared to their end."""

    code = "half_prepared"

    def __init__(self) -> None:
        super().__init__(
            Text(
                "上次准备演示数据时被中断，数据不完整。请运行 make demo-reset 重新开始（只清除演示数据）。",
                "Preparing the seasons was broken off last time. Run make demo-reset to start over; only demonstration data goes.",
            )
        )


def load_demo(desk: Desk, tell: Callable[[str], None] = LOG.info) -> bool:
    """Prepare the season of every city unless they are there already; returns whether they were prepared now.

    All seasons end at one instant, where the clock of ``desk`` is left; ``tell`` hears a line per city.
    A demonstration that was restored from a backup goes on where its history ends, since the clock is no part of it.
    What is published stays as it is; a package of the project without a season is published too when it passes its
    checks. Raises PackageRefused when a season's own package does not pass, HalfPrepared when an earlier
    preparation was broken off.
    """
    if isinstance(desk.clock, DemoClock) and desk.clock.moved:
        return False
    with desk.store.read() as tx:
        begun = tx.people.by_login(personas()[0].login) is not None
        left_at = tx.history.newest_at() if begun and tx.operation.hold() is not None else None
    if left_at is not None and isinstance(desk.clock, DemoClock):
        desk.clock.move_to(left_at)
        tell("演示由备份恢复，时钟接着备份时的最后一件事继续。")
        return False
    if begun and isinstance(desk.clock, DemoClock):
        raise HalfPrepared
    if begun:
        return False
    sources, catalog = read_sources(PROJECT), load_catalog(PROJECT)
    packages = {key: with_proofs(package, catalog.tree) for key, package in catalog.packages.items()}
    with_season = {city.key for city in cities()}
    with _in_the_past(desk, VirtualClock(START)) as past:
        _publish(past, [p for k, p in packages.items() if k not in with_season], sources)
    ends = [_prepare(desk, packages[city.key], sources, city, tell) for city in cities()]
    with _in_the_past(desk, VirtualClock(max(ends))) as past:
        invite_written(past, cities())
    if isinstance(desk.clock, DemoClock):
        desk.clock.move_to(max(ends).astimezone(UTC))
    return True


@contextmanager
def _in_the_past(desk: Desk, clock: VirtualClock) -> Iterator[Desk]:
    """Yield a desk that goes by ``clock``, and so do the entries that the store makes of what is written meanwhile."""
    before = desk.store.noting
    desk.store.noting = entering(clock.now)
    try:
        yield replace(desk, clock=clock)
    finally:
        desk.store.noting = before


def _publish(desk: Desk, packages: Sequence[Package], sources: Files) -> None:
    for package in packages:
        try:
            deploy_package(desk, SYSTEM, package, sources=sources)
        except PackageRefused:
            continue  # a city that is still being drawn is not part of the demonstration


def _prepare(desk: Desk, package: Package, sources: Files, city: DemoCity, tell: Callable[[str], None]) -> datetime:
    """Publish the package of ``city`` and play its season; returns the instant at which it ends."""
    began, clock = monotonic(), VirtualClock(city.season.start)
    with _in_the_past(desk, clock) as past:
        deploy_package(past, SYSTEM, package, sources=sources)
        _settle(past, package, city)
        stage = PlayState(past, clock, package, city.season, cast_of(past, package, city))
        sittings = Sittings(stage, city.people.get("sittings") or [])
        for move in city.season.moves:
            if move.at is not None:
                sittings.before(move.at)
            _play(stage, move)
        sittings.at_the_end()
        ask_written(stage, city.people.get("asked") or ())
        rate_written(stage, city.people.get("ratings") or ())
        register_written(stage, city.id, city.people.get("registrations") or ())
        stage.drain()
        for written in city.people.get("drafts") or ():
            open_written(past, stage.cast.actor(written["by"]), package, written)
    tell(f"  {city.name.zh}：{city.season.title}（{len(stage.cases)} 个办件，{monotonic() - began:.0f} 秒）")
    return clock.now()


def _settle(desk: Desk, package: Package, city: DemoCity) -> None:
    """Set telephone and address, and what else the season settles, as an administrator of the city does.

    Written into its package it would stand in letters that the scenarios of a draft quote whole, and change how they end.
    """
    administrator = replace(SYSTEM, seats=(Seat(city.id, SECURITY_ADMINISTRATOR, 0, "", "", ""),))
    said = {CONTACT: str(city.people["inquiries"]), **city.season.parameters}
    for parameter, value in said.items():
        today = local_date(desk.clock.now())
        change_setting(desk, administrator, package.key, parameter, value, today, "演示用的虚构设定。")


def _play(stage: PlayState, move: Move) -> None:
    stage.pass_time(move)
    if move.verb == "until":
        return
    try:
        _DOERS[move.verb](stage, _named(move, stage.scenario), stage.cast.actor(str(move.who or _office(stage))))
    except LaurelError as refusal:
        # A city may redraw a step before its season is rewritten: the rest of it is still worth showing.
        LOG.warning("%s 第 %s 步没有办成：%s", stage.scenario.file, move.number, _refusal_text(refusal))
        return
    stage.drain()


def _office(stage: PlayState) -> str:
    """Return the actor's word for steps that name none: the votes and sheets of others, the register."""
    return next(iter(stage.cast.organisations))


def _refusal_text(refusal: LaurelError) -> str:
    fields = [f"{e.path}：{e.text.zh}" for e in refusal.errors] if isinstance(refusal, FormInvalid) else []
    return "；".join((refusal.message.zh, *fields))


def _named(move: Move, scenario: Scenario) -> Move:
    """Let an organisation fill in its own name and code where the season shares one set of answers."""
    answers, own = move.keys.get("with"), scenario.organisations.get(str(move.who))
    if own is None or not isinstance(answers, Mapping) or not isinstance(answers.get("organisation"), Mapping):
        return move
    organisation = {**answers["organisation"], **{k: own[k] for k in ("name", "uscc") if k in answers["organisation"]}}
    return replace(move, keys={**move.keys, "with": {**answers, "organisation": organisation}})
