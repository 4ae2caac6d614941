"""Secrets that others on the machine may come to see: in the environment, or in files that everybody may read."""

from __future__ import annotations

from collections.abc import Iterator

from service.casework.desk.desk import Desk
from service.casework.health.finding import HealthFinding, Level
from service.casework.health.limits import Limits
from service.domain.text import Text

_WHAT = Text("密码和密钥的存放", "Where secrets stand")


def secrets(desk: Desk, _limits: Limits) -> Iterator[HealthFinding]:
    """Name the secrets that stand in the environment, and their files that others may read."""
    plain = [one.name for one in desk.premises.exposed_secrets if one.file is None]
    files = [str(one.file) for one in desk.premises.exposed_secrets if one.file is not None]
    if plain:
        found = Text(
            f"{'、'.join(plain)} 写在环境变量或设置文件里。请各放入一个只有 root 能读的文件（/etc/credstore/ 下，以设置名为文件名），"
            "或用 …_FILE 指明文件，再从设置文件中删去",
            f"{', '.join(plain)} {'stands' if len(plain) == 1 else 'stand'} in the environment or the file of settings. Put each"
            " into a file of its own that root alone reads (in /etc/credstore, called like the setting), or name one by …_FILE,"
            " and take it out of the settings",
        )
        yield HealthFinding("secrets", _WHAT, Level.WARNING, found)
    if files:
        found = Text(
            f"本机所有用户都能读 {'、'.join(files)}：请改权限（chmod o= 文件），并更换其中的密码",
            f"every user of the machine may read {', '.join(files)}: take that right away (chmod o= FILE) and change the secret",
        )
        yield HealthFinding("secret-files", _WHAT, Level.WARNING, found)
    if not plain and not files:
        yield HealthFinding("secrets", _WHAT, Level.FINE, Text("没有发现问题", "nothing was found"))
