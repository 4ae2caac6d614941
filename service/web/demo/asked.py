"""The signatures asked for in the demonstration, from people.yaml: so that whoever only advises has something to sign."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from service.casework.access.case_access import seat_for
from service.casework.simulate.stage.stage import PlayState
from service.casework.tasks.ask_sign import ask_sign
from service.web.demo.tried import LOG, tried

_WHAT = "会签"


def ask_written(stage: PlayState, written: Iterable[Mapping[str, Any]]) -> None:
    """Ask for what is ``written`` when the season has ended.

    Each names who asks (``by``), the ``case`` and the element of its ``task``, whom they ask (``of``) and in what ``words``.
    """
    for one in written:
        tried(_WHAT, partial(_ask, stage, one))


def _ask(stage: PlayState, one: Mapping[str, Any]) -> None:
    desk, by, case = stage.desk, stage.cast.actor(one["by"]), stage.case(one["case"])
    with desk.store.read() as tx:
        waiting = [task for task in tx.tasks.open_of_case(case) if task.element == one["task"] and seat_for(by, task)]
    if not waiting:
        LOG.warning("%s没有办成：%s没有%s可办。", _WHAT, one["case"], one["task"])
        return
    people = [ident for word in one["of"] if (ident := stage.cast.actor(word).person_id) is not None]
    ask_sign(desk, by, waiting[0].id, waiting[0].version, people, words=str(one["words"]))
