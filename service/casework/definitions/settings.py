"""Settings: values that the regulation leaves to the city, changed, and ended by a new version."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from service.casework.access.actor import Actor
from service.casework.access.book.acting import describe_current_act
from service.casework.access.guards import guarded
from service.casework.desk.calendars import chosen_values, effective_parameters
from service.casework.desk.desk import Desk
from service.casework.desk.jsonable import to_json_value
from service.casework.desk.packages import VersionAltered
from service.catalog import DatedValue, Package, Parameter
from service.catalog.parameters.value_words import value_words
from service.catalog.settings.settings import require_allowed, why_refused
from service.catalog.source.freeze import freeze
from service.domain.calendar import local_date
from service.domain.calendar.clock import format_full_day
from service.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from service.domain.text import Text
from service.store import Stale, Transaction
from service.store.models import SettingRow


@guarded("settings.change")
def change_setting(
    desk: Desk,
    actor: Actor,
    package_key: str,
    parameter: str,
    value: Any,
    since: date,
    reason: str,
    *,
    changes_seen: int | None = None,
) -> None:
    """Set ``parameter`` of the published package to ``value`` from ``since`` on, for rounds that open then or later.

    Rounds that run keep what they froze. The change goes on record, chained to the one before. ``changes_seen``: so many
    changes of the parameter stood there when it was read.

    Raises:
        Invalid: the law does not allow the value, the day has passed, or no reason is given.
        Conflict: the parameter has that value on that day already, or was changed since it was read.
        NotAllowed: the person does not administer the jurisdiction.
        NotFound: there is no such package or parameter.
    """
    with desk.store.write() as tx:
        package = desk.packages.current(package_key, tx)
        _require_administrator(actor, package)
        current_parameter = effective_parameters(tx, package).get(parameter)
        if current_parameter is None:
            raise NotFound(Text(f"没有参数“{parameter}”。", f"There is no parameter “{parameter}”."))
        require_allowed(package, package.award.parameters[parameter], value)
        _require_day_and_reason(desk, since, reason)
        _require_change(current_parameter, value, since)
        _require_seen(tx, current_parameter, package, changes_seen)
        _append_setting(desk, tx, actor, package, parameter, value, since, reason.strip())
        change = {"value": to_json_value(value), "since": since.isoformat()}
        was = {"value": to_json_value(current_parameter.value_on(since))}
        describe_current_act(
            f"{current_parameter.name}（{package_key}）",
            place=package.jurisdiction.id,
            before=was,
            after=change,
            reason=reason.strip(),
        )


def _require_administrator(actor: Actor, package: Package) -> None:
    if not actor.secures(package.jurisdiction.id):
        raise NotAllowed(
            Text(
                "设置由本辖区安全管理员更改。",
                "Only a security administrator of the jurisdiction may change its settings.",
            )
        )


def _require_day_and_reason(desk: Desk, since: date, reason: str) -> None:
    if since < local_date(desk.clock.now()):
        raise Invalid(
            Text(
                "生效日期不能早于今天：已经启动的届次按启动时的取值办理，不受影响。",
                "The first day cannot lie before today: rounds that run keep the values they opened with.",
            )
        )
    if not reason.strip():
        raise Invalid(Text("请写明更改的理由或者依据，会记入设置记录。", "Say why; the reason goes on record."))


def _require_change(current_parameter: Parameter, value: Any, since: date) -> None:
    if to_json_value(current_parameter.value_on(since)) == to_json_value(value) and type(
        current_parameter.value_on(since)
    ) is type(value):
        words = value_words(current_parameter, value)
        raise Conflict(
            Text(
                f"“{current_parameter.name}”在{format_full_day(since).zh}已经是{words.zh}，无需更改。",
                f"“{current_parameter.name_en}” is {words.en} on {format_full_day(since).en} already.",
            )
        )


def _require_seen(tx: Transaction, current_parameter: Parameter, package: Package, changes_seen: int | None) -> None:
    changes = [row for row in tx.settings.select(package=package.key) if row.parameter == current_parameter.id]
    if changes_seen is not None and len(changes) > changes_seen:
        last = changes[-1]
        raise Conflict(
            Text(
                f"“{current_parameter.name}”在您打开之后由{last.actor}更改过，请先看下面的更改记录；仍要更改的，请再按一次。",
                f"“{current_parameter.name_en}” was changed by {last.actor} since you opened it: read the history below, then press again "
                "if it is still to be changed.",
            )
        )


def _append_setting(
    desk: Desk, tx: Transaction, actor: Actor, package: Package, parameter: str, value: Any, since: date, reason: str
) -> None:
    before = tx.settings.select(package=package.key)
    row = SettingRow(
        package=package.key,
        seq=before[-1].seq + 1 if before else 1,
        parameter=parameter,
        since=since,
        value={"value": to_json_value(value)},
        reason=reason,
        at=desk.clock.now(),
        actor=actor.name,
        person_id=actor.person_id,
    )
    if not tx.settings.insert_new(row):
        raise Stale


_SHOWN = 60
"""Letters of a value that stand in a sentence."""


@dataclass(frozen=True, slots=True)
class ReplacedValue:
    """A value that another takes the place of from ``since`` on; None where the parameter is new or gone.

    ``why`` is the reason for which a city's own choice no longer counts.
    """

    name: Text
    was: Text | None
    becomes: Text | None
    since: date
    why: Text | None = None

    @property
    def sentence(self) -> Text:
        """The change in one line."""
        absent, new = Text("（没有这项参数）", "(no such parameter)"), Text("（新增）", "(new)")
        was, becomes = self.was or new, self.becomes or absent
        day = format_full_day(self.since)
        because = Text(f"（{self.why.zh.rstrip('。')}）", f" ({self.why.en.rstrip('.')})") if self.why else Text("", "")
        return Text(
            f"“{self.name.zh}”自{day.zh}起由“{was.zh}”变为“{becomes.zh}”{because.zh}",
            f"“{self.name.en}” from {day.en} on: “{becomes.en}” instead of “{was.en}”{because.en}",
        )


def changed_values(before: Package, after: Package, today: date) -> tuple[ReplacedValue, ...]:
    """Return the parameters whose own value of today another takes the place of by ``after``."""
    old, new = before.award.parameters, after.award.parameters
    value_changes = []
    for ident in dict.fromkeys((*old, *new)):
        was, becomes = _describe_value_on(old.get(ident), today), _describe_value_on(new.get(ident), today)
        if was != becomes:
            value_changes.append(ReplacedValue((new.get(ident) or old[ident]).text, was, becomes, today))
    return tuple(value_changes)


def ended_settings(
    rows: Iterable[SettingRow], before: Package, after: Package, today: date
) -> tuple[ReplacedValue, ...]:
    """Return what a city chose that counts under ``before``, today or later, and would not under ``after``."""
    rows = list(rows)
    now, then = chosen_values(rows, before), chosen_values(rows, after)
    replacements = (_find_replaced_value(ident, now[ident], then.get(ident, ()), before, after, today) for ident in now)
    return tuple(replacement for replacement in replacements if replacement is not None)


def package_in_force(desk: Desk, tx: Transaction, key: str) -> Package | None:
    """Return the package of the current version; None where there is none, or others wrote it, which a new one heals."""
    row = tx.definitions.current(key)
    try:
        return desk.packages.get(row.version, tx) if row else None
    except VersionAltered:
        return None


def settings_ended_by(desk: Desk, tx: Transaction, package: Package, since: date) -> tuple[ReplacedValue, ...]:
    """Return what a city chose and would hold no more, were ``package`` the version in force from ``since`` on."""
    rows = tx.settings.select(package=package.key)
    before = package_in_force(desk, tx, package.key) if rows else None
    if before is None or before.version == package.version:
        return ()
    return ended_settings(rows, before, package, since)


def _find_replaced_value(
    ident: str,
    chosen: tuple[DatedValue, ...],
    still: tuple[DatedValue, ...],
    before: Package,
    after: Package,
    today: date,
) -> ReplacedValue | None:
    """Return the first day on which what was ``chosen`` would hold no more, None where it holds as before."""
    old = before.award.parameters[ident].with_set(chosen)
    new = after.award.parameters.get(ident)
    new = new.with_set(still) if new is not None else None
    values_by_day = {dated_value.since: dated_value.value for dated_value in chosen}
    for day in _list_value_days(today, old, new):
        begun = [dated_value for dated_value in old.values if dated_value.since <= day]
        last = begun[-1] if begun else None
        if last is None or values_by_day.get(last.since) != last.value:
            continue  # not what the city chose, but what the package says
        if new is None or freeze(new.value_on(day)) != last.value:
            why = None if new is None or last in still else why_refused(after, new, last.value)
            return ReplacedValue(old.text, _describe_value_on(old, day), _describe_value_on(new, day), day, why)
    return None


def _list_value_days(today: date, old: Parameter, new: Parameter | None) -> list[date]:
    """Return today and the later days on which a value begins."""
    every = (*old.values, *(new.values if new else ()))
    return [today, *sorted({dated_value.since for dated_value in every if dated_value.since > today})]


def _describe_value_on(parameter: Parameter | None, day: date) -> Text | None:
    if parameter is None or not parameter.values:
        return None
    value_text = value_words(parameter, freeze(parameter.value_on(day)))
    return Text(_shorten_words(value_text.zh), _shorten_words(value_text.en))


def _shorten_words(words: str) -> str:
    return words if len(words) <= _SHOWN else f"{words[:_SHOWN]}…"


def as_json(replacements: Iterable[ReplacedValue]) -> list[Mapping[str, str | None]]:
    """Return the changes as programs read them."""
    return [
        {
            "name": replacement.name.zh,
            "from": replacement.since.isoformat(),
            "was": replacement.was.zh if replacement.was else None,
            "becomes": replacement.becomes.zh if replacement.becomes else None,
        }
        for replacement in replacements
    ]
