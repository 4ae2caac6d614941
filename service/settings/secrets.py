"""Secrets that stand in files of their own, or that systemd hands over as credentials, instead of in the environment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from service.settings.declared import refusal

_OTHERS = 0o007
_LONGEST = 4096


@dataclass(frozen=True, slots=True)
class ExposedSecret:
    """A secret that others on the machine may come to see: the setting ``name``, in ``file`` or in the environment."""

    name: str
    file: Path | None = None


def with_secrets(environment: Mapping[str, str], names: Sequence[str]) -> Mapping[str, str]:
    """Return the settings with the secrets that stand elsewhere: in the file ``NAME_FILE`` names, or as a credential.

    A credential is a file ``NAME`` in the folder that systemd names in ``CREDENTIALS_DIRECTORY``. Raises BadSetting where
    a file cannot be read or a secret is set in two ways.
    """
    found = {name: _read(name, file) for name, file in _files(environment, names)}
    twice = next((name for name in found if environment.get(name, "").strip()), None)
    if twice is not None:
        raise refusal(
            f"{twice} 设置了两次：环境变量里一次，文件（{twice}_FILE 或 systemd 凭据）里一次。请去掉环境变量里的。",
            f"{twice} is set twice, in the environment and in a file ({twice}_FILE or a credential of systemd):"
            " take it out of the environment.",
        )
    return {**environment, **found} if found else environment


def exposed_secrets(environment: Mapping[str, str], names: Sequence[str]) -> tuple[ExposedSecret, ...]:
    """Return the secrets that stand in the environment itself, or in files that every user of the machine may read."""
    loose = [ExposedSecret(name) for name in names if _holds_secret(environment.get(name, ""))]
    loose += [ExposedSecret(name, file) for name, file in _files(environment, names) if file.stat().st_mode & _OTHERS]
    return tuple(loose)


def _files(environment: Mapping[str, str], names: Sequence[str]) -> Iterator[tuple[str, Path]]:
    handed = environment.get("CREDENTIALS_DIRECTORY", "")
    for name in names:
        named = environment.get(f"{name}_FILE", "").strip()
        if named:
            yield name, Path(named)
        elif handed and Path(handed, name).is_file():
            yield name, Path(handed, name)


def _read(name: str, file: Path) -> str:
    try:
        with file.open(encoding="utf-8") as stream:
            text = stream.read(_LONGEST + 1).strip()
    except (OSError, UnicodeDecodeError) as error:
        raise refusal(
            f"{name} 的文件 {file} 读不出（{type(error).__name__}）。请核对路径，以及运行本程序的用户能否读取。",
            f"The file {file} of {name} cannot be read ({type(error).__name__}): check the path, and that the user who runs"
            " the program may read it.",
        ) from None
    if not text or len(text) > _LONGEST or not text.isprintable():
        raise refusal(
            f"{name} 的文件 {file} 应只有一行，即该设置的值，不超过 {_LONGEST} 个字符。",
            f"The file {file} of {name} must hold one line, its value, of {_LONGEST} characters at most.",
        )
    return text


def _holds_secret(value: str) -> bool:
    if "://" not in value:
        return bool(value.strip())
    try:
        parts = urlsplit(value)
        return parts.password is not None or "password" in parse_qs(parts.query)
    except ValueError:  # what it is is refused elsewhere
        return False
