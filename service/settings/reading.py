"""Values of settings as the environment gives them, refused with a sentence where they cannot be used."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from service.domain.errors import LaurelError
from service.domain.text import Text
from service.domain.wording.cause_words import cause_words

SECRET_LENGTH = 16
_YES = frozenset({"1", "true", "yes", "on"})
_NO = frozenset({"", "0", "false", "no", "off"})


class BadSetting(LaurelError):
    """A setting cannot be used; the sentence names the variable and what it may hold."""

    code = "bad_setting"


def number(environment: Mapping[str, str], name: str, default: int, least: int, most: int) -> int:
    """Return a whole number between two others, ``default`` where none is set; raises BadSetting."""
    raw = environment.get(name, "")
    if not raw:
        return default
    if raw.isascii() and raw.isdigit() and least <= int(raw) <= most:
        return int(raw)
    raise BadSetting(
        Text(
            f"{name} 应为 {least} 至 {most} 之间的整数，现为“{raw}”。",
            f"{name} must be a whole number from {least} to {most}, it is {raw!r}.",
        )
    )


def web_address(environment: Mapping[str, str], name: str, default: str) -> str:
    """Return an address as browsers open it, ``default`` where none is set; raises BadSetting for any other."""
    raw = environment.get(name) or default
    if re.match(r"https?://[^\s/]", raw) is None:
        raise BadSetting(
            Text(
                f"{name} 应为以 http:// 或 https:// 开头的网址，现为“{raw}”。",
                f"{name} must be an address that begins with http:// or https://, it is {raw!r}.",
            )
        )
    return raw


def requests_in(environment: Mapping[str, str]) -> tuple[int, int, int]:
    """Return how often a minute an address asks, a person asks, and a person decides something; raises BadSetting."""
    return (
        number(environment, "LAUREL_REQUESTS_PER_ADDRESS", 6000, 0, 10**7),
        number(environment, "LAUREL_REQUESTS_PER_PERSON", 1200, 0, 10**7),
        number(environment, "LAUREL_ACTS_PER_PERSON", 120, 0, 10**7),
    )


def program_in(environment: Mapping[str, str]) -> str:
    """Return the recorded mark of the files that run, empty where none is; raises BadSetting."""
    mark = environment.get("LAUREL_PROGRAM", "").strip().lower()
    if mark and not re.fullmatch(r"[0-9a-f]{64}", mark):
        raise BadSetting(
            Text(
                "LAUREL_PROGRAM 应为 laurel program 输出的 64 位十六进制数。",
                "LAUREL_PROGRAM must be the 64 hexadecimal digits that laurel program prints.",
            )
        )
    return mark


def address(environment: Mapping[str, str], name: str) -> str:
    """Return an IP address, empty where none is set; raises BadSetting."""
    raw = environment.get(name, "").strip()
    try:
        return str(ipaddress.ip_address(raw)) if raw else ""
    except ValueError:
        raise BadSetting(
            Text(
                f"{name} 应为反向代理的 IP 地址（如 127.0.0.1），现为“{raw}”。",
                f"{name} must be the IP address of the reverse proxy, such as 127.0.0.1; it is {raw!r}.",
            )
        ) from None


def networks(environment: Mapping[str, str], name: str) -> tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]:
    """Return addresses and networks, parted by commas; raises BadSetting."""
    named = [word.strip() for word in environment.get(name, "").split(",") if word.strip()]
    try:
        return tuple(ipaddress.ip_network(word) for word in named)
    except ValueError:
        raise BadSetting(
            Text(
                f"{name} 应为 IP 地址或网段，以逗号分隔（如 10.1.2.3,10.8.0.0/24），现为“{','.join(named)}”。",
                f"{name} must name addresses or networks parted by commas, such as 10.1.2.3,10.8.0.0/24; it is {','.join(named)!r}.",
            )
        ) from None


def folder(environment: Mapping[str, str], name: str) -> Path | None:
    """Return a folder that exists, None where none is set; raises BadSetting."""
    raw = environment.get(name, "").strip()
    if not raw or Path(raw).is_dir():
        return Path(raw) if raw else None
    raise BadSetting(
        Text(f"{name} 应为已有的目录，现为“{raw}”。", f"{name} must be a folder that exists, it is {raw!r}.")
    )


def place(environment: Mapping[str, str], name: str) -> Path | None:
    """Return a folder or file that need not exist now, None where none is set."""
    raw = environment.get(name, "").strip()
    return Path(raw) if raw else None


def one_of(environment: Mapping[str, str], name: str, words: tuple[str, ...]) -> str:
    """Return one of ``words``; raises BadSetting."""
    raw = environment.get(name, "").strip().lower()
    if raw in words:
        return raw
    known = [word for word in words if word]
    raise BadSetting(
        Text(f"{name} 应为 {'、'.join(known)}，现为“{raw}”。", f"{name} must be {' or '.join(known)}, it is {raw!r}.")
    )


def roles(environment: Mapping[str, str], name: str) -> frozenset[str]:
    """Return the ids of roles, parted by commas; raises BadSetting."""
    named = [word.strip() for word in environment.get(name, "").split(",") if word.strip()]
    for word in named:
        if not (word.isascii() and word.replace("_", "").isalnum() and word.islower()):
            raise BadSetting(
                Text(
                    f"{name} 应为角色标识，以逗号分隔（如 system_administrator,office），现有“{word}”。",
                    f"{name} must name roles parted by commas, such as system_administrator,office; there is {word!r}.",
                )
            )
    return frozenset(named)


def flag(environment: Mapping[str, str], name: str) -> bool:
    """Return whether something is switched on; raises BadSetting."""
    raw = environment.get(name, "").strip().lower()
    if raw in _YES or raw in _NO:
        return raw in _YES
    raise BadSetting(Text(f"{name} 应为 yes 或 no，现为“{raw}”。", f"{name} must be yes or no, it is {raw!r}."))


def secret(environment: Mapping[str, str], name: str) -> str:
    """Return a secret that is long enough not to be guessed, empty where none is set; raises BadSetting."""
    secret = environment.get(name, "").strip()
    if secret and len(secret) < SECRET_LENGTH:
        raise BadSetting(
            Text(f"{name} 至少要有 {SECRET_LENGTH} 个字符。", f"{name} must have at least {SECRET_LENGTH} characters.")
        )
    return secret


def is_web_address(url: str, schemes: tuple[str, ...]) -> bool:
    """Return whether a message can be posted to ``url`` as it is written."""
    try:
        parts = urlsplit(url)
        (parts.hostname or "").encode("idna")
        usable = bool(parts.hostname) and parts.port != 0 and parts.username is None
    except ValueError:
        return False
    rest = f"{parts.path}{parts.query}"
    return usable and parts.scheme in schemes and rest.isascii() and url.isprintable() and " " not in url


def make_folder(data: Path) -> None:
    """Make the folder of the data where there is none; raises BadSetting."""
    try:
        data.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadSetting(
            Text(
                f"数据目录 {data} 不能使用（{cause_words(error).zh}）。请用 LAUREL_DATA 指明可以读写的目录。",
                f"The data folder {data} cannot be used ({error.strerror}): name one that can be written in LAUREL_DATA.",
            )
        ) from error
