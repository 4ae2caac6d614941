"""Files encrypted for whoever holds an identity: the age format (age-encryption.org/v1), which the program `age` opens, too."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from service.domain.errors import Invalid
from service.domain.text import Text
from service.domain.wording.cause_words import cause_words

_BEGINS = b"age-encryption.org/v1\n"
_OF_SYSTEM = re.compile(r"\(os error (\d+)\)")
"""How the library tells an error of the system."""


def is_age(file: Path) -> bool:
    """Return whether a file is encrypted in this format."""
    with file.open("rb") as opened:
        return opened.read(len(_BEGINS)) == _BEGINS


def encrypt_for(recipients: Path, source: Path, target: Path) -> None:
    """Encrypt a file for each recipient of the file ``recipients``: a line each, ``age1…`` or ``ssh-ed25519 …``.

    Raises Invalid where that file cannot be read, names nobody, or a line is no recipient.
    """
    from pyrage import RecipientError, encrypt_file, ssh, x25519

    def recipient(line: str) -> Any:
        return (ssh if line.startswith("ssh-") else x25519).Recipient.from_str(line)

    encrypt_file(str(source), str(target), _read(recipients, recipient, RecipientError, _NO_RECIPIENTS))


def decrypt_by(identities: Path, source: Path, target: Path) -> None:
    """Decrypt a file by an identity of the file ``identities``: lines ``AGE-SECRET-KEY-1…``, or an SSH key.

    Raises Invalid where that file holds no identity, none of them opens the file, or it was changed or cut off; OSError
    where the disk takes no more.
    """
    from pyrage import DecryptError, IdentityError, decrypt_file, ssh, x25519

    if identities.is_file() and identities.read_bytes().startswith(b"-----BEGIN"):
        try:
            found = [ssh.Identity.from_buffer(identities.read_bytes())]
        except IdentityError as error:
            raise _invalid(_NO_IDENTITIES, identities, str(error)) from None
    else:
        found = _read(identities, x25519.Identity.from_str, IdentityError, _NO_IDENTITIES)
    try:
        decrypt_file(str(source), str(target), found)
    except (DecryptError, OSError) as error:
        if (number := _OF_SYSTEM.search(str(error))) is not None:  # of the disk, such as one that is full
            raise OSError(int(number[1]), os.strerror(int(number[1]))) from error
        raise Invalid(
            Text(
                f"{identities} 中的私钥打不开 {source.name}，或者文件已损坏，什么也没有改动。",
                f"No identity in {identities} opens {source.name}, or it is damaged ({error}); nothing was changed.",
            )
        ) from None


_NO_RECIPIENTS = Text(
    "{file} 中没有可用的接收公钥（{why}）：每行应为一个 age1… 或 ssh-ed25519 …，由 age-keygen 生成。",
    "{file} names no recipient that can be used ({why}): a line each, age1… or ssh-ed25519 …, as age-keygen makes them.",
)
_NO_IDENTITIES = Text(
    "{file} 中没有可用的私钥（{why}）：应为 age-keygen 生成的 AGE-SECRET-KEY-1…，或者 SSH 私钥。",
    "{file} holds no identity that can be used ({why}): AGE-SECRET-KEY-1… as age-keygen makes it, or an SSH key.",
)


def _read(file: Path, made: Callable[[str], Any], wrong: type[Exception], refusal: Text) -> list[Any]:
    try:
        found = [made(line) for line in _lines(file)]
    except wrong as error:
        raise _invalid(refusal, file, str(error)) from None
    except OSError as error:
        raise _invalid(refusal, file, cause_words(error)) from None
    if not found:
        raise _invalid(refusal, file, "—")
    return found


def _lines(file: Path) -> Iterator[str]:
    for line in file.read_text("utf-8", errors="replace").splitlines():
        if line.strip() and not line.startswith("#"):
            yield line.strip()


def _invalid(refusal: Text, file: Path, why: str | Text) -> Invalid:
    said = Text(why, why) if isinstance(why, str) else why
    return Invalid(Text(refusal.zh.format(file=file, why=said.zh), refusal.en.format(file=file, why=said.en)))
