"""How a setting is declared and read from the environment or its file."""

from __future__ import annotations

import ipaddress
import os
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from io import StringIO
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from dotenv import load_dotenv
from dotenv.parser import parse_stream

from service.domain.errors import LaurelError
from service.domain.text import Text
from service.domain.wording.cause_words import cause_words

SECRET_LENGTH = 16
MEGABYTE = 1024 * 1024
_DATABASES = ("sqlite://", "postgresql://", "postgresql+psycopg://")
_YES = frozenset({"1", "true", "yes", "on"})
_NO = frozenset({"", "0", "false", "no", "off"})

Reader = Callable[[str, str], Any]
"""Makes the value of a setting of its name and its text, which is stripped; raises BadSetting."""
Group = TypeVar("Group")


class BadSetting(LaurelError):
    """A setting cannot be used; the sentence names the variable and what it may hold."""

    code = "bad_setting"


def build_refusal(zh: str, en: str) -> BadSetting:
    """Return the refusal of a setting in both languages."""
    return BadSetting(Text(zh, en))


@dataclass(frozen=True, slots=True)
class Declared:
    """A setting: the ``name`` of its variable, how its text is read, the text without one, what it is, whether it is secret."""

    name: str
    read: Reader
    default: str
    words: Text
    secret: bool


def declare_setting(name: str, read: Reader, default: str, zh: str, en: str, *, secret: bool = False) -> Any:
    """Declare a field of a dataclass as the setting ``name``; a secret is shown nowhere."""
    declared = Declared(name, read, default, Text(zh, en), secret)
    return field(default_factory=lambda: read(name, default), metadata={"setting": declared}, repr=not secret)


def declared_in(*groups: type) -> Iterator[Declared]:
    """Yield the settings that dataclasses declare, in their order."""
    for group in groups:
        yield from (entry.metadata["setting"] for entry in fields(group) if "setting" in entry.metadata)


def read_group(group: type[Group], environment: Mapping[str, str], **more: Any) -> Group:
    """Return the dataclass with every declared field read from the environment; raises BadSetting."""
    read = {entry.name: entry.metadata["setting"] for entry in fields(group) if "setting" in entry.metadata}  # type: ignore[arg-type]
    values = {
        name: setting.read(setting.name, environment.get(setting.name, "").strip() or setting.default)
        for name, setting in read.items()
    }
    return group(**values, **more)


def text(_name: str, raw: str) -> str:
    """Take any text."""
    return raw


def line(name: str, raw: str) -> str:
    """Take one line of 200 characters at most."""
    if len(raw) > 200 or not raw.isprintable():
        raise build_refusal(
            f"{name} 应是一行文字，不超过 200 字。", f"{name} must be one line of 200 characters at most."
        )
    return raw


def read_flag_setting(name: str, raw: str) -> bool:
    """Take yes or no."""
    if raw.lower() in _YES or raw.lower() in _NO:
        return raw.lower() in _YES
    raise build_refusal(f"{name} 应为 yes 或 no，现为“{raw}”。", f"{name} must be yes or no, it is {raw!r}.")


def whole(least: int, most: int, times: int = 1) -> Reader:
    """Take a whole number between two others, given back ``times`` as large."""

    def read_number(name: str, raw: str) -> int:
        if raw.isascii() and raw.isdigit() and least <= int(raw) <= most:
            return int(raw) * times
        raise build_refusal(
            f"{name} 应为 {least} 至 {most} 之间的整数，现为“{raw}”。",
            f"{name} must be a whole number from {least} to {most}, it is {raw!r}.",
        )

    return read_number


def build_choice_reader(*choices: str) -> Reader:
    """Take one of some words, or none where "" is among them."""

    def read_word(name: str, raw: str) -> str:
        if raw.lower() in choices:
            return raw.lower()
        words = [word for word in choices if word]
        raise build_refusal(
            f"{name} 应为 {'、'.join(words)}，现为“{raw}”。", f"{name} must be {' or '.join(words)}, it is {raw!r}."
        )

    return read_word


def words(_name: str, raw: str) -> tuple[str, ...]:
    """Take words parted by commas, each once."""
    return tuple(dict.fromkeys(word.strip() for word in raw.split(",") if word.strip()))


def word_set(name: str, raw: str) -> frozenset[str]:
    """Take words parted by commas, in no order."""
    return frozenset(words(name, raw))


def read_roles_setting(name: str, raw: str) -> frozenset[str]:
    """Take ids of roles, parted by commas."""
    wrong = next((word for word in words(name, raw) if not re.fullmatch(r"[a-z0-9_]*[a-z][a-z0-9_]*", word)), None)
    if wrong is not None:
        raise build_refusal(
            f"{name} 应为角色标识，以逗号分隔（如 system_administrator,office），现有“{wrong}”。",
            f"{name} must name roles parted by commas, such as system_administrator,office; there is {wrong!r}.",
        )
    return word_set(name, raw)


def read_path_setting(_name: str, raw: str) -> Path | None:
    """Take a folder or file that need not exist now."""
    return Path(raw) if raw else None


def folder(name: str, raw: str) -> Path | None:
    """Take a folder that exists."""
    if not raw or Path(raw).is_dir():
        return Path(raw) if raw else None
    raise build_refusal(f"{name} 应为已有的目录，现为“{raw}”。", f"{name} must be a folder that exists, it is {raw!r}.")


def read_secret_setting(name: str, raw: str) -> str:
    """Take a secret that is long enough not to be guessed, or none."""
    if raw and len(raw) < SECRET_LENGTH:
        raise build_refusal(
            f"{name} 至少要有 {SECRET_LENGTH} 个字符。", f"{name} must have at least {SECRET_LENGTH} characters."
        )
    return raw


def web_address(name: str, raw: str) -> str:
    """Take an address as browsers open it, without a stroke at its end."""
    if re.match(r"https?://[^\s/]", raw) is None:
        raise build_refusal(
            f"{name} 应为以 http:// 或 https:// 开头的网址，现为“{raw}”。",
            f"{name} must be an address that begins with http:// or https://, it is {raw!r}.",
        )
    return raw.rstrip("/")


def ip_address(name: str, raw: str) -> str:
    """Take an IP address, or none."""
    try:
        return str(ipaddress.ip_address(raw)) if raw else ""
    except ValueError:
        raise build_refusal(
            f"{name} 应为反向代理的 IP 地址（如 127.0.0.1），现为“{raw}”。",
            f"{name} must be the IP address of the reverse proxy, such as 127.0.0.1; it is {raw!r}.",
        ) from None


def read_networks_setting(name: str, raw: str) -> tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]:
    """Take addresses and networks, parted by commas."""
    try:
        return tuple(ipaddress.ip_network(word) for word in words(name, raw))
    except ValueError:
        raise build_refusal(
            f"{name} 应为 IP 地址或网段，以逗号分隔（如 10.1.2.3,10.8.0.0/24），现为“{raw}”。",
            f"{name} must name addresses or networks parted by commas, such as 10.1.2.3,10.8.0.0/24; it is {raw!r}.",
        ) from None


def database_address(name: str, raw: str) -> str:
    """Take the address of an SQLite file or a PostgreSQL database, or none; what may be a password is shown nowhere."""
    if raw and not raw.startswith(_DATABASES):
        raise build_refusal(
            f"{name} 应为 sqlite:///路径 或 postgresql://…，现为“{raw.split(':')[0]}:…”。",
            f"{name} must be sqlite:///path or postgresql://…, it begins with {raw.split(':')[0]!r}.",
        )
    for host in urlsplit(raw).netloc.rpartition("@")[2].split(","):  # libpq takes several hosts, each with its own port
        port = host.rpartition("]")[2].partition(":")[2]  # an address of IPv6 stands in brackets
        if port and not (port.isascii() and port.isdigit() and 0 < int(port) < 65536):
            raise build_refusal(
                f"{name} 的端口应为 1 至 65535 的数字；口令里有 @ : / 等符号的，写成 %40 %3A %2F。",
                f"The port of {name} must be a number from 1 to 65535; signs such as @ : / of a password are written"
                " %40 %3A %2F.",
            )
    return raw


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


def is_loopback(host: str) -> bool:
    """Return whether ``host`` names this machine only."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def read_environment_file() -> None:
    """Put what the file says into the environment of this process; what is set there already stays.

    A value means what it means in an ``EnvironmentFile`` of systemd: a shell would end it at the first ``&``.

    Raises:
        BadSetting: if the file or a line of it cannot be read.
    """
    named = os.environ.get("LAUREL_SETTINGS")
    if not named:
        return
    try:
        text = Path(named).read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise build_refusal(
            f"LAUREL_SETTINGS 指明的设置文件 {named} 读不出（{cause_words(error).zh}）。请核对路径和权限。",
            f"The file of settings {named} that LAUREL_SETTINGS names cannot be read ({error}).",
        ) from None
    broken = next((line for line in parse_stream(StringIO(text)) if line.error), None)
    if broken is not None:
        number = broken.original.line
        raise build_refusal(
            f"设置文件 {named} 第 {number} 行读不懂：每行写“名称=值”，值中有空格或引号的放在单引号里。",
            f"Line {number} of the settings {named} cannot be read: write NAME=value, a value with blanks in single quotes.",
        )
    load_dotenv(stream=StringIO(text), interpolate=False)
