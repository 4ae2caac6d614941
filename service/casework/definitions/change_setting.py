"""Change a setting: a parameter whose value the regulation leaves to the city."""

from __future__ import annotations

from datetime import date
from typing import Any

from service.casework.access.actor import Actor
from service.casework.access.book.acting import tell
from service.casework.access.guards import guarded
from service.casework.desk.city_settings import CHAIN, effective_parameters, setting_event
from service.casework.desk.desk import Desk
from service.casework.desk.jsonable import jsonable
from service.catalog import Package, Parameter
from service.catalog.parameters.value_words import value_words
from service.catalog.settings.settings import demand_allowed
from service.domain.calendar import local_date
from service.domain.calendar.dates import full
from service.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from service.domain.proof.audit_chain import chain
from service.domain.text import Text
from service.store import Transaction
from service.store.models import SettingRow


@guarded("settings.change")
def change_setting(
    desk: Desk, actor: Actor, package_key: str, parameter: str, value: Any, since: date, reason: str
) -> None:
    """Set ``parameter`` of the published package to ``value`` from ``since`` on, for rounds that open then or later.

    Rounds that run keep what they froze. The change goes on record, chained to the one before.

    Raises:
        Invalid: the law does not allow the value, the day has passed, or no reason is given.
        Conflict: the parameter has that value on that day already.
        NotAllowed: the person does not administer the jurisdiction.
        NotFound: there is no such package or parameter.
    """
    with desk.store.write() as tx:
        package = desk.packages.current(package_key, tx)
        _demand_administrator(actor, package)
        known = effective_parameters(tx, package).get(parameter)
        if known is None:
            raise NotFound(Text(f"没有参数“{parameter}”。", f"There is no parameter “{parameter}”."))
        demand_allowed(package, package.award.parameters[parameter], value)
        _demand_day_and_reason(desk, since, reason)
        _demand_change(known, value, since)
        _append(desk, tx, actor, package, parameter, value, since, reason.strip())
        told = {"value": jsonable(value), "since": since.isoformat()}
        was = {"value": jsonable(known.value_on(since))}
        tell(
            f"{known.name}（{package_key}）",
            place=package.jurisdiction.id,
            before=was,
            after=told,
            reason=reason.strip(),
        )


def _demand_administrator(actor: Actor, package: Package) -> None:
    if not actor.secures(package.jurisdiction.id):
        raise NotAllowed(
            Text(
                "设置由本辖区安全管理员更改。",
                "Only a security administrator of the jurisdiction may change its settings.",
            )
        )


def _demand_day_and_reason(desk: Desk, since: date, reason: str) -> None:
    if since < local_date(desk.clock.now()):
        raise Invalid(
            Text(
                "生效日期不能早于今天：已经启动的届次按启动时的取值办理，不受影响。",
                "The first day cannot lie before today: rounds that run keep the values they opened with.",
            )
        )
    if not reason.strip():
        raise Invalid(Text("请写明更改的理由或者依据，会记入设置记录。", "Say why; the reason goes on record."))


def _demand_change(known: Parameter, value: Any, since: date) -> None:
    if jsonable(known.value_on(since)) == jsonable(value) and type(known.value_on(since)) is type(value):
        words = value_words(known, value)
        raise Conflict(
            Text(
                f"“{known.name}”在{full(since).zh}已经是{words.zh}，无需更改。",
                f"“{known.name_en}” is {words.en} on {full(since).en} already.",
            )
        )


def _append(
    desk: Desk, tx: Transaction, actor: Actor, package: Package, parameter: str, value: Any, since: date, reason: str
) -> None:
    before = tx.settings.of_package(package.key)
    seq, last = (before[-1].seq, before[-1].hash) if before else (0, "")
    row: dict[str, Any] = {
        "package": package.key,
        "parameter": parameter,
        "since": since,
        "value": {"value": jsonable(value)},
        "reason": reason,
        "at": desk.clock.now(),
        "actor": actor.name,
        "person_id": actor.person_id,
    }
    (link,) = chain(CHAIN, seq, last, [setting_event(row)], tx.digest)
    tx.settings.insert(SettingRow(**row, seq=link.seq, previous=link.previous, hash=link.hash))
