"""The sittings of the demonstration, from people.yaml: held while the season is played, or called at its end."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, time, timedelta
from functools import partial
from typing import Any

from service.casework.review.sitting_papers import MOST_OFFERED, lay_papers
from service.casework.review.sittings import attend, call_sitting, close_sitting, write_minutes
from service.casework.simulate.scenarios.scenario import instant
from service.casework.simulate.stage.stage import PlayState
from service.web.demo.tried import tried

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
        self._open = [one for one in written if "closed" not in one]
        held = [act for one in written if "closed" in one for act in self._held(one)]
        self._acts = sorted(held, key=lambda act: act[0])

    def before(self, at: datetime) -> None:
        """Do what was due by ``at``, each at its own time."""
        while self._acts and self._acts[0][0] <= at:
            due, act = self._acts.pop(0)
            self._stage.advance(due)
            tried(_WHAT, act)

    def at_the_end(self) -> None:
        """Call those that are still to come."""
        for one in self._open:
            tried(_WHAT, partial(self._call, one))

    def _held(self, one: Mapping[str, Any]) -> Iterator[_Act]:
        begins, number = instant(one["at"], time(9)), list[int]()
        yield instant(one["called"], time(9)), lambda: number.append(self._call(one))
        yield begins - _SIGN_IN, lambda: self._sign_in(number[0], one.get("excused") or ())
        yield instant(one["closed"], time(17)), lambda: self._close(number[0], one)

    def _call(self, one: Mapping[str, Any]) -> int:
        desk, by, case = self._stage.desk, self._stage.cast.actor(one["by"]), self._stage.case(one["case"])
        at = instant(one["at"], time(9))
        number = call_sitting(desk, by, case, one["role"], one["title"], one["room"], at, one["agenda"])
        with desk.store.read() as tx:
            around = tx.sittings.papers_around(case, MOST_OFFERED)
        # What was issued to the whole round comes before what single applicants were sent.
        papers = sorted(around, key=lambda paper: paper.case.id != case)[:_PAPERS]
        lay_papers(desk, by, number, self._version(number), [paper.id for paper in papers])
        return number

    def _sign_in(self, number: int, excused: list[str] | tuple[str, ...]) -> None:
        away = {self._stage.cast.actor(word).person_id for word in excused}
        with self._stage.desk.store.read() as tx:
            called = [member.person_id for member in tx.sittings.members(number)]
        for person in called:
            attend(self._stage.desk, self._stage.cast.person(person), number, excused=person in away)

    def _close(self, number: int, one: Mapping[str, Any]) -> None:
        desk, by = self._stage.desk, self._stage.cast.actor(one["by"])
        write_minutes(desk, by, number, self._version(number), str(one["minutes"]))
        close_sitting(desk, by, number, self._version(number))

    def _version(self, number: int) -> int:
        with self._stage.desk.store.read() as tx:
            return tx.sittings.get(number).version
