"""The address of a database, as a setting gives it."""

from __future__ import annotations

from urllib.parse import urlsplit

from service.domain.text import Text
from service.settings.reading import BadSetting

_DATABASES = ("sqlite://", "postgresql://", "postgresql+psycopg://")


def database_address(url: str, name: str) -> str:
    """Return the address in ``url``, which the setting ``name`` gives, "" where it gives none.

    Raises:
        BadSetting: if it is no address of a database that the program can use, or its port is no number.
    """
    if not url:
        return url
    if not url.startswith(_DATABASES):
        raise BadSetting(
            Text(
                f"{name} 应为 sqlite:///路径 或 postgresql://…，现为“{url.split(':')[0]}:…”。",
                f"{name} must be sqlite:///path or postgresql://…, it begins with {url.split(':')[0]!r}.",
            )
        )
    _demand_ports(url, name)
    return url


def _demand_ports(url: str, name: str) -> None:
    """Raise BadSetting for a port that is none; libpq takes several hosts, parted by commas, each with its own.

    What stands in its place is not shown: it may be part of a password.
    """
    for host in urlsplit(url).netloc.rpartition("@")[2].split(","):
        port = host.rpartition("]")[2].partition(":")[2]  # an address of IPv6 stands in brackets
        if port and not (port.isascii() and port.isdigit() and 0 < int(port) < 65536):
            raise BadSetting(
                Text(
                    f"{name} 的端口应为 1 至 65535 的数字；口令里有 @ : / 等符号的，写成 %40 %3A %2F。",
                    f"The port of {name} must be a number from 1 to 65535; signs such as @ : / of a password are written"
                    " %40 %3A %2F.",
                )
            )
