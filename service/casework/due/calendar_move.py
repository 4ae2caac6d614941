"""A limit that a corrected calendar moves, as it is shown before and carried out."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from service.casework.amendments.move_plan import DateChange
from service.casework.step.closing_ballots import ballots_cut_short
from service.casework.step.limit_group import running_limits
from service.casework.step.move_limits import LimitMove, counted_moves
from service.casework.step.step import Step
from service.domain.text import Text


@dataclass(frozen=True, slots=True)
class CalendarMove:
    """A limit that ends on another day as the calendar stands now, with the articles it carries out.

    ``held``: the new day is over already though the old one is not; a right would end at once, so a person decides.
    ``lost`` says what that costs where nothing ends by itself: a last useful day after which the end that follows is missed.
    ``follows`` is the key of what it moves with: of itself it neither moves nor stays. ``useful``: it is the last useful
    day of a task, which follows from all that moves around it. ``begins``: it is the first day of a notice whose last day stays.
    ``stays`` says why it keeps its day whatever is decided: an open ballot would end sooner.
    """

    key: str
    change: DateChange
    articles: tuple[str, ...]
    held: bool
    notice: int | None = None
    follows: str = ""
    useful: bool = False
    begins: bool = False
    lost: Text | None = None
    stays: Text | None = None

    @property
    def shorter(self) -> bool:
        """Whether those concerned lose days."""
        return not self.begins and self.change.new < self.change.old


def limit_moves(step: Step, moves: Sequence[CalendarMove]) -> list[LimitMove]:
    """Return what moves where ``moves`` are carried out: each limit, a notice with the timers that wait for its end."""
    days = {
        m.key: (m.change.due, m.change.window) for m in moves if m.notice is None and not m.follows and not m.useful
    }
    return [*counted_moves(step, days), *(_with_timers(step, m) for m in moves if m.notice is not None)]


def _with_timers(step: Step, move: CalendarMove) -> LimitMove:
    notice, (due, window) = step.tx.notices.get(move.notice or 0), (move.change.due, move.change.window)
    timers = [one for one in running_limits(step) if one.timer is not None and one.at == notice.ends_at]
    counted = counted_moves(step, {one.ident: (due, window) for one in timers})
    limits = tuple(limit for one in counted for limit in one.limits)
    facts = dict.fromkeys(fact for one in counted for fact in one.facts)
    return LimitMove(limits, due, window, tuple(facts), (notice,), recounted=True)


def kept_for_votes(step: Step, moves: Sequence[CalendarMove]) -> Iterator[CalendarMove]:
    """Yield ``moves``, those marked that would make an open ballot end sooner, with what moves together with them."""
    stays = dict[str, Text]()
    for move in limit_moves(step, [one for one in moves if not one.begins]):
        cut = [
            ballot
            for limit in move.limits
            if limit.timer is not None
            for ballot in ballots_cut_short(step, limit.timer, move.due)
        ]
        if cut:
            names = [f"notice:{notice.id}" for notice in move.notices] or [limit.ident for limit in move.limits]
            stays |= dict.fromkeys(names, _voted_on(cut[0].title))
    for one in moves:
        why = stays.get(one.key) or stays.get(one.follows)
        yield replace(one, stays=why, held=False) if why is not None else one


def _voted_on(title: str) -> Text:
    return Text(
        f"“{title}”正在投票，不因日历更正提前截止：这个期限保留原来的日期。",
        f"“{title}” is being voted on: no corrected calendar makes it end sooner, and this limit keeps its day.",
    )


def undecided(moves: Sequence[CalendarMove], lapse: Collection[str]) -> dict[str, CalendarMove]:
    """Return what waits for a decision, by key: what is held, and where that is a last useful day what it comes from.

    Whatever moves around a task is counted into its last useful day, so that a decision on this is one on all of it: on the
    other last useful days too, which were counted with it.
    """
    held = [move for move in moves if move.held and move.key not in lapse]
    if any(move.useful for move in held):
        held += [move for move in moves if not (move.held or move.follows)]
    return {move.key: move for move in held}


def articles_of(step: Step, clauses: object) -> tuple[str, ...]:
    """Return the articles of the clauses that a limit carries out."""
    assert isinstance(clauses, list | tuple)
    return tuple(dict.fromkeys(step.package.law.article(str(clause)) for clause in clauses))
