"""What applicants and newcomers sent when the season has ended, from people.yaml: what else waits in an office than tasks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from service.casework.cases.rate import rate_case
from service.casework.public.lodge import PUBLIC_ACTOR
from service.casework.public.registrations import Registration, register_organisation
from service.casework.simulate.stage.stage import PlayState
from service.web.demo.tried import tried

_Written = Iterable[Mapping[str, Any]]


def rate_written(stage: PlayState, written: _Written) -> None:
    """Rate cases that ended (好差评): ``by`` whom, of which ``case``, the ``grade`` and its ``words``."""
    for one in written:
        by, case = stage.cast.actor(one["by"]), stage.case(one["case"])
        tried("评价", partial(rate_case, stage.desk, by, case, int(one["grade"]), str(one["words"])))


def register_written(stage: PlayState, place: str, written: _Written) -> None:
    """Ask for accounts of organisations in ``place``; ``body`` is who is to verify each."""
    for one in written:
        with stage.desk.store.read() as tx:
            body = tx.people.body_by_key(place, one["body"])
        assert body is not None
        said = {name: str(one[name]) for name in ("name", "code", "contact", "telephone", "email")}
        asked = Registration(place, body.id, **said, acknowledged=True)
        tried("注册", partial(register_organisation, stage.desk, PUBLIC_ACTOR, asked, "demo"))
