"""The present password, asked for again before an account changes."""

from __future__ import annotations

from service.casework.access.actor import Actor
from service.casework.access.book.acting import aside
from service.casework.access.book.enter import enter_refused
from service.casework.desk.desk import Desk
from service.casework.people.factors.password_throttle import count_wrong, demand_not_throttled, keyed_hash
from service.casework.people.factors.passwords import password_matches
from service.casework.people.signing_in.sign_in import WrongPassword
from service.domain.errors import NotAllowed
from service.domain.text import Text
from service.store.models import PersonRow


def present_mark(person_id: int, desk: Desk) -> str:
    """Return the mark under which wrong present passwords of a person are counted."""
    return keyed_hash(desk, f"present password of {person_id}")


def demand_present_password(actor: Actor, desk: Desk, password: str, action: str) -> PersonRow:
    """Return the row of ``actor``; ``action`` is what the password is asked for.

    Raises:
        WrongPassword: it is not the present password.
        TooManyTries: after several wrong ones, until the pause is over: a session left open must not help to guess.
    """
    if actor.person_id is None:
        raise NotAllowed(Text("请先登录。", "Sign in first."))
    mark, now = present_mark(actor.person_id, desk), desk.clock.now()
    with desk.store.read() as tx:
        demand_not_throttled(tx, mark, now)
        person = tx.people.person(actor.person_id)
    if not password_matches(person.password, password):
        with aside():
            count_wrong(desk, mark, now)
            with desk.store.write() as tx:
                enter_refused(tx, action, actor, now, WrongPassword.code)
        raise WrongPassword(Text("现密码不正确，请重新输入。", "The present password is wrong; type it again."))
    return person
