"""How long a password or key by which other services are reached stays the same: one is noted when it is first used."""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from datetime import date, timedelta

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.health.finding import HealthFinding, Level
from service.casework.health.limits import Limits
from service.domain.calendar import local_date
from service.domain.text import Text
from service.settings import SecretInUse

_SECRET = _NOTES = "services"  # noqa: S105  the name of a secret, not a secret
"""Name of the secret that keys the marks, and of the notes: who reads them alone cannot try out passwords."""

_DAY = len("2026-03-20")
_WHAT = Text("密码和密钥的更换", "Change of secrets")


@guarded("work.run")
def note_secrets(desk: Desk, actor: Actor) -> None:  # noqa: ARG001  the guard looks at the actor
    """Note beside the keys from which day on each secret of the settings is used."""
    known = _known(desk)
    for one in desk.premises.services.secrets:
        mark = _mark(desk, one)
        if mark not in known:
            desk.ballot_keys.note(_NOTES, f"{mark} {local_date(desk.clock.now()).isoformat()}")


def secret_ages(desk: Desk, _limits: Limits) -> Iterator[HealthFinding]:
    """Name the secrets that are older than the installation lets them become."""
    services = desk.premises.services
    if not services.secrets or not services.days or desk.ballot_keys.known_secret(_SECRET) is None:
        return
    known, today = _known(desk), local_date(desk.clock.now())
    days = {one.name: (today - known.get(_mark(desk, one), today)).days for one in services.secrets}
    old = {name: age for name, age in days.items() if timedelta(age) > timedelta(services.days)}
    if not old:
        yield HealthFinding("secret-ages", _WHAT, Level.FINE, Text("都在期限以内", "none is too old"))
        return
    named = "、".join(f"{name}（{age} 天）" for name, age in old.items())
    in_english = ", ".join(f"{name} ({age} days)" for name, age in old.items())
    found = Text(
        f"{named} 超过 {services.days} 天没有更换。请在对方（数据库、邮件、网关、存储、监控）换新，写入其文件，再重启各进程",
        f"{in_english} did not change for more than {services.days} days: have the other side (database, mail, gateway, bucket,"
        " monitoring) give a new one, write it into its file and restart the processes",
    )
    yield HealthFinding("secret-ages", _WHAT, Level.WARNING, found, newest=len(old))


def _known(desk: Desk) -> dict[str, date]:
    lines = (line.split() for line in desk.ballot_keys.noted(_NOTES))
    found: dict[str, date] = {}
    for words in lines:
        if len(words) == 2 and len(words[1]) == _DAY:
            found.setdefault(words[0], date.fromisoformat(words[1]))
    return found


def _mark(desk: Desk, one: SecretInUse) -> str:
    said = f"{one.name} {one.value}".encode()
    return hmac.new(desk.ballot_keys.secret(_SECRET), said, "sha256").hexdigest()
