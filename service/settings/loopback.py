"""The demonstration is for this machine alone: whether others reach it."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from urllib.parse import urlsplit

from service.domain.text import Text
from service.settings.reading import BadSetting, flag


def demand_loopback(host: str) -> None:
    """Refuse demonstration mode where others could reach it; raises BadSetting."""
    if not is_loopback(host):
        raise BadSetting(
            Text(
                f"演示模式允许任何人扮演任何角色，只能在本机使用：LAUREL_HOST 现为“{host}”，"
                "请改为 127.0.0.1，或者关闭 LAUREL_DEMO。",
                f"Demonstration mode lets anybody play anybody, so it runs on this machine only: LAUREL_HOST is "
                f"{host!r}; set it to 127.0.0.1, or switch LAUREL_DEMO off.",
            )
        )


def demand_nobody_in_front(environment: Mapping[str, str]) -> None:
    """Refuse demonstration mode where something says that others reach it through a proxy; raises BadSetting."""
    public = urlsplit(environment.get("LAUREL_PUBLIC_URL", "")).hostname
    found = [name for name in ("LAUREL_TRUSTED_PROXY",) if environment.get(name, "").strip()]
    found += ["LAUREL_HTTPS"] if flag(environment, "LAUREL_HTTPS") else []
    found += ["LAUREL_PUBLIC_URL"] if public is not None and not is_loopback(public) else []
    if found:
        raise BadSetting(
            Text(
                f"演示模式允许任何人扮演任何角色，只能在本机使用，不能放在反向代理或公开网址之后：请去掉 {'、'.join(found)}，"
                "或者关闭 LAUREL_DEMO。",
                "Demonstration mode lets anybody play anybody, so nothing may lead to it from outside: "
                f"remove {', '.join(found)}, or switch LAUREL_DEMO off.",
            )
        )


def is_loopback(host: str) -> bool:
    """Return whether ``host`` names this machine only."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
