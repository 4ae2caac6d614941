"""Fictional load: a season is played, and its cases at several moments are copied as often as asked for."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import product

from service.casework.simulate.playing.play import play_move
from service.casework.simulate.stage.stage import PlayState
from tests.support.case_copies import Snapshot, copies_of

MOMENTS = (0.35, 0.5, 0.65, 1.0)
"""Shares of the season's steps after which its cases are kept to be copied."""

CHUNK = 5_000
PER_ROUND = 500
_LIVE_SHARE = 4
"""One copy in so many is of a case that still runs, the rest have ended."""

_FIRST = "云岭天合瑞华东川金石长青海润明德新兴"
_SECOND = "精密数控绿能智造生物航材轻工食品装备"
_KINDS = ("股份有限公司", "有限公司", "集团有限公司", "研究院", "合作社")


def make_load(stage: PlayState, cases: int, seed: int, said: Callable[[int], object], *, past: bool = True) -> int:
    """Play the season on ``stage`` and copy its cases until there are ``cases`` more; returns how many were made.

    ``said`` hears how many are made so far; without ``past`` the copies have no history. The same seed gives the same organisations and the same order.
    """
    kept = list(_moments(stage))
    store, chance = stage.desk.store, random.Random(seed)
    with store.write() as tx:
        sets = [copies_of(tx).put(taken, f":{number}") for number, taken in enumerate(kept)]
        rows = [tx.cases.get(ident) for ids in sets for ident in ids]
        kind = Counter(row.process for row in rows if row.parent_id is not None).most_common(1)[0][0]
        above = [row.id for row in rows if row.parent_id is None and row.status != "ended"][:1]
        live = [row.id for row in rows if row.process == kind and row.status != "ended"]
        over = [row.id for row in rows if row.process == kind and row.status == "ended"]
        bodies = copies_of(tx).organisations(_names(max(1, min(cases, 20_000)), chance))
        rounds = [
            one for n in range(-(-cases // PER_ROUND)) for one in copies_of(tx).put(copies_of(tx).take(above), f":r{n}")
        ]
    models = _mixed(live, over, chance)
    made = 0
    while made < cases:
        with store.write() as tx:
            made += copies_of(tx).multiply(models, rounds, bodies, made, min(CHUNK, cases - made), past=past)
        said(made)
    with store.write() as tx:  # the copies were made by SQL
        tx.soundness.rebuild_search_table()
    return made


def _moments(stage: PlayState) -> Iterator[Snapshot]:
    """Play the season; yield all its cases at each moment."""
    moves = [move for move in stage.scenario.moves if move.verb != "expect"]
    ends = [max(1, round(len(moves) * share)) for share in MOMENTS]
    for number, move in enumerate(moves, 1):
        play_move(stage, move)
        if number in ends:
            with stage.desk.store.read() as tx:
                yield copies_of(tx).take(sorted(stage.cases.values()))


def _mixed(live: list[int], over: list[int], chance: random.Random) -> list[int]:
    if not live or not over:
        return live or over
    return [chance.choice(live if n % _LIVE_SHARE == 0 else over) for n in range(8 * _LIVE_SHARE)]


def _names(count: int, chance: random.Random) -> list[str]:
    """Return fictional names of organisations, each with a number, so that no two are alike."""
    words = [a + b for a, b in product(_FIRST, _SECOND)]
    return [f"虚构{chance.choice(words)}{n}号{chance.choice(_KINDS)}" for n in range(1, count + 1)]
