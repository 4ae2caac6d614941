"""The secrets beside the keys, encrypted under one that does not lie in their folder: the system hands it to the program."""

from __future__ import annotations

import hashlib
import secrets
from pathlib import Path

from service.domain.errors import LaurelError
from service.domain.proof.algorithms import AES, SM4, ColumnKey
from service.domain.text import Text

_MARK = b"laurel-secret-1"
_CIPHERS = {AES: b"a", SM4: b"s"}
_NUMBER = 16


class FolderKeyMissing(LaurelError):
    """A secret beside the keys is encrypted, and what opens it was not handed to this process, or is another."""

    code = "folder_key_missing"

    def __init__(self, place: Path) -> None:
        super().__init__(
            Text(
                f"{place} 已加密，LAUREL_FOLDER_KEY 没有设置或不是原来的，打不开。请放回原来的凭据"
                "（/etc/credstore.encrypted/LAUREL_FOLDER_KEY）后再启动；手工运行的命令用 LAUREL_FOLDER_KEY_FILE 指明。",
                f"{place} is encrypted, and LAUREL_FOLDER_KEY is not set or another: put the credential back"
                " (/etc/credstore.encrypted/LAUREL_FOLDER_KEY) and start anew; commands run by hand name it by"
                " LAUREL_FOLDER_KEY_FILE.",
            )
        )


class FolderKey:
    """Encrypts the secrets of the folder of keys and opens them; ``words`` are what the system hands over."""

    def __init__(self, words: str, cipher: str = AES) -> None:
        self._key = ColumnKey("folder", hashlib.sha256(f"laurel folder key {words}".encode()).digest())
        self._cipher = cipher

    def closed(self, name: str, secret: bytes) -> bytes:
        """Return a secret as it is kept in the file of its ``name``."""
        number = secrets.token_bytes(_NUMBER)
        return _MARK + _CIPHERS[self._cipher] + number + self._key.sealed(secret, _place(name, number), self._cipher)

    def opened(self, name: str, kept: bytes) -> bytes | None:
        """Return the secret that `closed` made; None under another key, of another name, or where it was changed."""
        letter, rest = kept[len(_MARK) : len(_MARK) + 1], kept[len(_MARK) + 1 :]
        cipher = next((each for each, sign in _CIPHERS.items() if sign == letter), None)
        if cipher is None:
            return None
        number, sealed = rest[:_NUMBER], rest[_NUMBER:]
        return self._key.opened(sealed, _place(name, number), cipher)


def is_closed(kept: bytes) -> bool:
    """Return whether what a file holds is an encrypted secret."""
    return kept.startswith(_MARK)


def _place(name: str, number: bytes) -> bytes:
    return f"secret {name} ".encode() + number
