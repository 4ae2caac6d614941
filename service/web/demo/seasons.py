"""The demonstration's season as it is prepared."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from functools import partial
from time import monotonic
from typing import Any

from service.casework.access.actor import SECURITY_ADMINISTRATOR, SYSTEM, Actor, Seat
from service.casework.access.book.enter import build_entry_hook
from service.casework.access.case_access import seat_for
from service.casework.cases.rate import rate_case
from service.casework.definitions.deploy import PackageRefused, deploy_package
from service.casework.definitions.settings import change_setting
from service.casework.desk.clock import START, DemoClock, VirtualClock
from service.casework.desk.desk import Desk
from service.casework.people.factors.sessions import acting_as
from service.casework.public.lodge import PUBLIC_ACTOR
from service.casework.public.registrations import Registration, register_organisation
from service.casework.reading.contacts import CONTACT
from service.casework.review.register_of_experts import add_expert
from service.casework.review.sittings import (
    MOST_OFFERED,
    attend_sitting,
    call_sitting,
    close_sitting,
    lay_papers,
    write_minutes,
)
from service.casework.simulate.scenarios.scenario import Move, Scenario, parse_instant
from service.casework.simulate.stage.ballots import BALLOT_DOERS
from service.casework.simulate.stage.stage import PlayState
from service.casework.simulate.stage.verbs import DOERS
from service.casework.step.submission import FormInvalid
from service.casework.studio.drafts.draft_tree import hash_of
from service.casework.studio.drafts.open_draft import open_draft
from service.casework.studio.drafts.save_file import save_file
from service.casework.studio.publication.review_draft import TypedAmendment, state_amendment, submit_draft
from service.casework.tasks.ask_sign import ask_sign
from service.catalog import Package, load_catalog
from service.catalog.parameters.parameter_entries import set_value
from service.catalog.scenarios.proofs import with_proofs
from service.catalog.tree import Files, read_sources
from service.domain.calendar import local_date
from service.domain.errors import LaurelError
from service.domain.text import Text
from service.web.demo.cities import PROJECT, DemoCity, Persona, cast_of, expert_of, list_demo_cities, list_personas

LOG = logging.getLogger("laurel.demo")


def attempt_act(what: str, act: Callable[[], object]) -> None:
    """Do ``act``, or say in the log why ``what`` it does was refused.

    A city may be redrawn before its people are rewritten: the rest of it is still worth showing.
    """
    try:
        act()
    except LaurelError as refusal:
        LOG.warning("%s没有办成：%s", what, refusal.message.zh)


_SIGN_REQUEST_NAME = "会签"


def ask_written(stage: PlayState, written: Iterable[Mapping[str, Any]]) -> None:
    """Ask for what is ``written`` when the season has ended.

    Each names who asks (``by``), the ``case`` and the element of its ``task``, whom they ask (``of``) and in what ``words``.
    """
    for entry in written:
        attempt_act(_SIGN_REQUEST_NAME, partial(_ask_for_sign, stage, entry))


def _ask_for_sign(stage: PlayState, sign_request: Mapping[str, Any]) -> None:
    desk, by, case = stage.desk, stage.cast.actor(sign_request["by"]), stage.case(sign_request["case"])
    with desk.store.read() as tx:
        waiting = [
            task for task in tx.tasks.open_of_case(case) if task.element == sign_request["task"] and seat_for(by, task)
        ]
    if not waiting:
        LOG.warning("%s没有办成：%s没有%s可办。", _SIGN_REQUEST_NAME, sign_request["case"], sign_request["task"])
        return
    people = [ident for word in sign_request["of"] if (ident := stage.cast.actor(word).person_id) is not None]
    ask_sign(desk, by, waiting[0].id, waiting[0].version, people, words=str(sign_request["words"]))


def open_written(desk: Desk, by: Actor, package: Package, written: Mapping[str, Any]) -> None:
    """Open a draft of ``package`` in which one parameter has another value, and submit it where a ``note`` is written.

    ``written`` names the ``title``, the ``parameter`` and its ``value``; where it applies to running cases, the ``decision``
    and the ``clauses`` that say so.
    """
    attempt_act("草稿", partial(_open_draft, desk, by, package, written))


def _open_draft(desk: Desk, by: Actor, package: Package, written: Mapping[str, Any]) -> None:
    path = package.parameters_file
    before = package.files[path]
    text = set_value(before.decode(), str(written["parameter"]), written["value"])
    draft = open_draft(desk, by, package.key, str(written["title"]))
    save_file(desk, by, draft, path, text.encode(), hash_of(before))
    decision = str(written.get("decision", ""))
    if decision or written.get("note"):
        clauses = tuple(written.get("clauses", ()))
        state_amendment(desk, by, draft, TypedAmendment(bool(decision), clauses, note=decision))
    if written.get("note"):
        submit_draft(desk, by, draft, str(written["note"]))


def invite_written(desk: Desk, cities: Iterable[DemoCity]) -> None:
    """Send what is written under ``invitations`` when every season has ended: experts without a panel have it to answer.

    Each names the office's person (``by``) and the experts of other cities (``of``).
    """
    cities = tuple(cities)
    experts = {row["login"]: row for city in cities for row in city.people.get("experts") or ()}
    for city in cities:
        for invitation in city.people.get("invitations") or ():
            office = acting_as(desk, invitation["by"])
            assert office is not None
            for login in invitation["of"]:
                try:
                    add_expert(desk, office, expert_of(city, experts[login]))
                except LaurelError as refusal:
                    # A city may be redrawn before its people are rewritten: the rest of it is still worth showing.
                    LOG.warning("邀请没有办成：%s", refusal.message.zh)


_Written = Iterable[Mapping[str, Any]]


def rate_written(stage: PlayState, written: _Written) -> None:
    """Rate cases that ended (好差评): ``by`` whom, of which ``case``, the ``grade`` and its ``words``."""
    for rating in written:
        by, case = stage.cast.actor(rating["by"]), stage.case(rating["case"])
        attempt_act("评价", partial(rate_case, stage.desk, by, case, int(rating["grade"]), str(rating["words"])))


def register_written(stage: PlayState, place: str, written: _Written) -> None:
    """Ask for accounts of organisations in ``place``; ``body`` is who is to verify each."""
    for registration in written:
        with stage.desk.store.read() as tx:
            body = tx.bodies.find(jurisdiction=place, key=registration["body"])
        assert body is not None
        fields = {name: str(registration[name]) for name in ("name", "code", "contact", "telephone", "email")}
        typed_registration = Registration(place, body.id, **fields, acknowledged=True)
        attempt_act("注册", partial(register_organisation, stage.desk, PUBLIC_ACTOR, typed_registration, "demo"))


_WHAT = "会议"
_SIGN_IN = timedelta(minutes=10)
"""So long before it begins everybody signs in."""
_PAPERS = 3
"""So many documents the office lays before each."""
_Act = tuple[datetime, Callable[[], object]]


class Sittings:
    """The sittings of a city: ``called`` and ``closed`` say when one that is over was called and closed.

    One without these is called when the season ends, so that members have something to come to.
    """

    def __init__(self, stage: PlayState, written: list[Mapping[str, Any]]) -> None:
        self._stage = stage
        self._open = [sitting for sitting in written if "closed" not in sitting]
        acts = [act for sitting in written if "closed" in sitting for act in self._iterate_acts(sitting)]
        self._acts = sorted(acts, key=lambda act: act[0])

    def before(self, at: datetime) -> None:
        """Do what was due by ``at``, each at its own time."""
        while self._acts and self._acts[0][0] <= at:
            due, act = self._acts.pop(0)
            self._stage.advance(due)
            attempt_act(_WHAT, act)

    def at_the_end(self) -> None:
        """Call those that are still to come."""
        for sitting in self._open:
            attempt_act(_WHAT, partial(self._call_sitting, sitting))

    def _iterate_acts(self, sitting: Mapping[str, Any]) -> Iterator[_Act]:
        begins, number = parse_instant(sitting["at"], time(9)), list[int]()
        yield parse_instant(sitting["called"], time(9)), lambda: number.append(self._call_sitting(sitting))
        yield begins - _SIGN_IN, lambda: self._sign_in(number[0], sitting.get("excused") or ())
        yield parse_instant(sitting["closed"], time(17)), lambda: self._close_sitting(number[0], sitting)

    def _call_sitting(self, sitting: Mapping[str, Any]) -> int:
        desk, by, case = self._stage.desk, self._stage.cast.actor(sitting["by"]), self._stage.case(sitting["case"])
        at = parse_instant(sitting["at"], time(9))
        number = call_sitting(desk, by, case, sitting["role"], sitting["title"], sitting["room"], at, sitting["agenda"])
        with desk.store.read() as tx:
            around = tx.sittings.papers_around(case, MOST_OFFERED)
        # What was issued to the whole round comes before what single applicants were sent.
        papers = sorted(around, key=lambda paper: paper.case.id != case)[:_PAPERS]
        lay_papers(desk, by, number, self._get_version(number), [paper.id for paper in papers])
        return number

    def _sign_in(self, number: int, excused: list[str] | tuple[str, ...]) -> None:
        away = {self._stage.cast.actor(word).person_id for word in excused}
        with self._stage.desk.store.read() as tx:
            called = [member.person_id for member in tx.sitting_members.select(sitting_id=number)]
        for person in called:
            attend_sitting(self._stage.desk, self._stage.cast.person(person), number, excused=person in away)

    def _close_sitting(self, number: int, sitting: Mapping[str, Any]) -> None:
        desk, by = self._stage.desk, self._stage.cast.actor(sitting["by"])
        write_minutes(desk, by, number, self._get_version(number), str(sitting["minutes"]))
        close_sitting(desk, by, number, self._get_version(number))

    def _get_version(self, number: int) -> int:
        with self._stage.desk.store.read() as tx:
            return tx.sittings.get(number).version


__all__ = ["DemoClock", "Persona", "list_personas", "load_demo"]

_DOERS = {**DOERS, **BALLOT_DOERS}


class HalfPrepared(LaurelError):
    """The seasons were not prepared to their end."""

    code = "half_prepared"
    sentence = Text(
        "上次准备演示数据时被中断，数据不完整。请运行 make demo-reset 重新开始（只清除演示数据）。",
        "Preparing the seasons was broken off last time. Run make demo-reset to start over; only demonstration data goes.",
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
        begun = tx.people.by_login(list_personas()[0].login) is not None
        resume_at = tx.history.newest_at() if begun and tx.operation.hold() is not None else None
    if resume_at is not None and isinstance(desk.clock, DemoClock):
        desk.clock.move_to(resume_at)
        tell("演示由备份恢复，时钟接着备份时的最后一件事继续。")
        return False
    if begun and isinstance(desk.clock, DemoClock):
        raise HalfPrepared
    if begun:
        return False
    sources, catalog = read_sources(PROJECT), load_catalog(PROJECT)
    packages = {key: with_proofs(package, catalog.tree) for key, package in catalog.packages.items()}
    with_season = {city.key for city in list_demo_cities()}
    with _in_the_past(desk, VirtualClock(START)) as past:
        _publish_packages(past, [p for k, p in packages.items() if k not in with_season], sources)
    ends = [_prepare_city(desk, packages[city.key], sources, city, tell) for city in list_demo_cities()]
    with _in_the_past(desk, VirtualClock(max(ends))) as past:
        invite_written(past, list_demo_cities())
    if isinstance(desk.clock, DemoClock):
        desk.clock.move_to(max(ends).astimezone(UTC))
    return True


@contextmanager
def _in_the_past(desk: Desk, clock: VirtualClock) -> Iterator[Desk]:
    """Yield a desk that goes by ``clock``, and so do the entries that the store makes of what is written meanwhile."""
    before = desk.store.noting
    desk.store.noting = build_entry_hook(clock.now)
    try:
        yield replace(desk, clock=clock)
    finally:
        desk.store.noting = before


def _publish_packages(desk: Desk, packages: Sequence[Package], sources: Files) -> None:
    for package in packages:
        try:
            deploy_package(desk, SYSTEM, package, sources=sources)
        except PackageRefused:
            continue  # a city that is still being drawn is not part of the demonstration


def _prepare_city(
    desk: Desk, package: Package, sources: Files, city: DemoCity, tell: Callable[[str], None]
) -> datetime:
    """Publish the package of ``city`` and play its season; returns the instant at which it ends."""
    began, clock = monotonic(), VirtualClock(city.season.start)
    with _in_the_past(desk, clock) as past:
        deploy_package(past, SYSTEM, package, sources=sources)
        _apply_settings(past, package, city)
        stage = PlayState(past, clock, package, city.season, cast_of(past, package, city))
        sittings = Sittings(stage, city.people.get("sittings") or [])
        for move in city.season.moves:
            if move.at is not None:
                sittings.before(move.at)
            _play_move(stage, move)
        sittings.at_the_end()
        ask_written(stage, city.people.get("asked") or ())
        rate_written(stage, city.people.get("ratings") or ())
        register_written(stage, city.id, city.people.get("registrations") or ())
        stage.drain()
        for written in city.people.get("drafts") or ():
            open_written(past, stage.cast.actor(written["by"]), package, written)
    tell(f"  {city.name.zh}：{city.season.title}（{len(stage.cases)} 个办件，{monotonic() - began:.0f} 秒）")
    return clock.now()


def _apply_settings(desk: Desk, package: Package, city: DemoCity) -> None:
    """Set telephone and address, and what else the season settles, as an administrator of the city does.

    Written into its package it would stand in letters that the scenarios of a draft quote whole, and change how they end.
    """
    administrator = replace(SYSTEM, seats=(Seat(city.id, SECURITY_ADMINISTRATOR, 0, "", "", ""),))
    settings = {CONTACT: str(city.people["inquiries"]), **city.season.parameters}
    for parameter, value in settings.items():
        today = local_date(desk.clock.now())
        change_setting(desk, administrator, package.key, parameter, value, today, "演示用的虚构设定。")


def _play_move(stage: PlayState, move: Move) -> None:
    stage.pass_time(move)
    if move.verb == "until":
        return
    try:
        _DOERS[move.verb](
            stage, _fill_organisation(move, stage.scenario), stage.cast.actor(str(move.who or _get_office_word(stage)))
        )
    except LaurelError as refusal:
        # A city may redraw a step before its season is rewritten: the rest of it is still worth showing.
        LOG.warning("%s 第 %s 步没有办成：%s", stage.scenario.file, move.number, _refusal_text(refusal))
        return
    stage.drain()


def _get_office_word(stage: PlayState) -> str:
    """Return the actor's word for steps that name none: the votes and sheets of others, the register."""
    return next(iter(stage.cast.organisations))


def _refusal_text(refusal: LaurelError) -> str:
    fields = [f"{e.path}：{e.text.zh}" for e in refusal.errors] if isinstance(refusal, FormInvalid) else []
    return "；".join((refusal.message.zh, *fields))


def _fill_organisation(move: Move, scenario: Scenario) -> Move:
    """Let an organisation fill in its own name and code where the season shares one set of answers."""
    answers, profile = move.keys.get("with"), scenario.organisations.get(str(move.who))
    if profile is None or not isinstance(answers, Mapping) or not isinstance(answers.get("organisation"), Mapping):
        return move
    organisation = {
        **answers["organisation"],
        **{k: profile[k] for k in ("name", "uscc") if k in answers["organisation"]},
    }
    return replace(move, keys={**move.keys, "with": {**answers, "organisation": organisation}})
