"""What a browser calls itself (RFC 9110 §10.1.5), in a few words by which its owner knows it again."""

from __future__ import annotations

import re

_BROWSERS = (
    ("MicroMessenger", "WeChat"),
    ("DingTalk", "DingTalk"),
    ("QQBrowser", "QQ Browser"),
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("Chrome", "Chrome"),
    ("CriOS", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("HarmonyOS", "HarmonyOS"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)
"""What stands in the header, and its name; the first that is there counts, since browsers name others after it."""

_PROGRAM = re.compile(r"[A-Za-z][A-Za-z0-9._+-]{0,39}")


def device_words(agent: str) -> str:
    """Return browser and system named by a ``User-Agent``, such as “Edge · Windows”; of a program its own name, else ""."""
    names = [next((name for sign, name in name_pairs if sign in agent), "") for name_pairs in (_BROWSERS, _SYSTEMS)]
    named = " · ".join(name for name in names if name)
    program = _PROGRAM.match(agent)
    return named or (program[0] if program else "")
