"""Actions of a receipt holder on the case: complete it, appeal, withdraw, as the package declares."""

from __future__ import annotations

from service.casework.access.actor import Actor
from service.casework.access.case_access import demand_running
from service.casework.access.guards import guarded
from service.casework.cases.act_on_case import action_of, carry_out, possible, refused_now
from service.casework.desk.desk import Desk
from service.casework.public.lodge import PUBLIC_ACTOR, demand_own_files
from service.casework.public.receipts import receipt_of
from service.casework.public.throttle import LODGE, count_attempt
from service.casework.step.step import open_step
from service.casework.step.undecided import reporting_undecided
from service.catalog.award import PUBLIC
from service.domain.errors import NotAllowed
from service.domain.text import Text
from service.domain.values.bounds import ReceiptCode, Submission


@guarded("objection.lodge")
def act_publicly(desk: Desk, actor: Actor, code: ReceiptCode, action: str, submission: Submission, origin: str) -> None:
    """Submit the form of a public ``action`` for the case that ``code`` opens.

    Raises:
        TooOften, NotFound: too many attempts; no receipt has this code, or there is no such action.
        NotAllowed, Conflict: not open to the public, or not possible now.
        FormInvalid: the form breaks a rule.
    """
    del actor
    count_attempt(desk, LODGE, origin)
    with reporting_undecided(desk), desk.store.write() as tx:
        step = open_step(desk, tx, receipt_of(tx, code).case_id, PUBLIC_ACTOR)
        demand_running(step.case)
        info = action_of(step, action)
        if PUBLIC not in info.roles:
            raise NotAllowed(
                Text(f"“{info.name}”不由异议人办理。", f"“{info.name_en or info.name}” is not for the objector.")
            )
        if not possible(step, info):
            raise refused_now(info)
        demand_own_files(tx, submission)
        carry_out(step, action, info, None, submission)
