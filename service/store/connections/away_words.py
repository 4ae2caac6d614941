"""Why a PostgreSQL lets nobody in, in words: what its server or the network said of the connection that was tried."""

from __future__ import annotations

import re

from service.domain.text import Text

SILENT = Text(
    "PostgreSQL 在数秒内没有应答：进程僵住了，或者网络不通",
    "PostgreSQL did not answer within seconds: it stands still, or the network is cut",
)
"""Nothing came back at all."""

_REFUSED = ("Connection refused", "No such file or directory")
_UNKNOWN_HOST = ("resolve", "translate host name", "Name or service not known")
_DRIVER = re.compile(r"^connection (?:failed|is bad): ")
_PLACE = re.compile(r'connection to server (?:at|on socket) "([^"]+)"(?:, port (\d+))?')
_NO_WAY = ("No route to host", "Network is unreachable")


def why_away(said: str, *, not_yet: bool = False) -> Text:
    """Return in words why the connection failed of which the driver ``said`` this; ``not_yet``: the server sent us away itself."""
    words = _DRIVER.sub("", " ".join((said.splitlines() or [""])[0].split()))
    if not_yet:
        words = words.rpartition("FATAL:")[2].strip() or words
        return Text(
            f"PostgreSQL 有应答，但现在不让人进入（{words}）：它正在启动、停止或者恢复，通常片刻就好",
            f"PostgreSQL answered and lets nobody in yet ({words}): it is starting, stopping or recovering, mostly for moments",
        )
    if any(one in said for one in _REFUSED):
        return Text(
            f"在{_place(words)}没有 PostgreSQL 接受连接，当即被拒绝：它没有启动，或者主机、端口不对",
            f"no PostgreSQL accepts connections there ({words}): it is not started, or host or port are wrong",
        )
    if any(one in said for one in _UNKNOWN_HOST):
        return Text("查不到主机的地址", f"the host has no address ({words})")
    if any(one in said for one in _NO_WAY):
        return Text("网络不通", f"the network is cut ({words})")
    return (
        SILENT
        if "timeout" in said or "not answer" in said
        else Text(f"连接失败（{words}）", f"no connection ({words})")
    )


def _place(words: str) -> str:
    """Return where the connection was to go, as the driver's ``words`` name it."""
    found = _PLACE.search(words)
    return f" {' 端口 '.join(part for part in found.groups() if part)} " if found else "那里"
