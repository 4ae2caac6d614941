"""Holders of keys: who they are in each place, and the shares of a ballot's key that are sealed to them."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from service.domain.errors import Invalid
from service.domain.text import Text
from service.keys.errors import NotReleased

SHORTEST = 12
"""Signs that a passphrase has at least."""
_SALT, _NONCE = 16, 12
_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_128_GCM)


class WrongPassphrase(Invalid):
    """A holder's passphrase or file that is not theirs."""

    code = "wrong_passphrase"

    def __init__(self) -> None:
        super().__init__(
            Text(
                "口令或者文件与这位保管人的不符，没有交出。请核对后再试。",
                "That passphrase or file is not this holder's; nothing was given. Look at it and try again.",
            )
        )


@dataclass(frozen=True, slots=True)
class KeyHolder:
    """A holder: ``public`` (X25519, hex) is what shares are sealed to, ``kept`` (hex) its private half under the passphrase."""

    name: str
    public: str
    kept: str


@dataclass(frozen=True, slots=True)
class Circle:
    """The holders of a place, ``needed`` of whom open an urn together."""

    needed: int
    holders: tuple[KeyHolder, ...] = ()

    @property
    def in_force(self) -> bool:
        """Return whether ballots are opened by them: there are as many as are needed, and never one alone."""
        return 2 <= self.needed <= len(self.holders)

    def holder(self, name: str) -> KeyHolder:
        """Return a holder; raises NotReleased."""
        found = next((each for each in self.holders if each.name == name), None)
        if found is None:
            raise NotReleased(Text(f"“{name}”不是这里的密钥保管人。", f"“{name}” holds no share here."))
        return found

    def with_holder(self, holder: KeyHolder) -> Circle:
        """Return the circle with one more holder, or with another passphrase of one."""
        return replace(self, holders=(*(each for each in self.holders if each.name != holder.name), holder))

    def without(self, name: str) -> Circle:
        """Return the circle without a holder; raises NotReleased."""
        gone = self.holder(name)
        return replace(self, holders=tuple(each for each in self.holders if each != gone))


@dataclass(frozen=True, slots=True)
class SealedShares:
    """The shares of one ballot's key, each sealed to its holder; ``circle`` are the holders as they were then."""

    circle: Circle
    shares: Mapping[str, str]


def make_holder(name: str, passphrase: bytes) -> KeyHolder:
    """Return a new holder; raises Invalid for a short passphrase or an empty name."""
    if not name.strip() or len(passphrase.decode(errors="replace").strip()) < SHORTEST:
        raise Invalid(
            Text(
                f"请写明保管人姓名，口令至少{SHORTEST}个字符（或者用 --file 制作文件）。",
                f"Name the holder, and take a passphrase of {SHORTEST} characters or more (or let --file make a file).",
            )
        )
    private, salt, nonce = X25519PrivateKey.generate(), os.urandom(_SALT), os.urandom(_NONCE)
    kept = AESGCM(_key(passphrase, salt)).encrypt(nonce, private.private_bytes_raw(), name.encode())
    return KeyHolder(name.strip(), private.public_key().public_bytes_raw().hex(), (salt + nonce + kept).hex())


def share_out(secret: bytes, circle: Circle, box: str) -> SealedShares:
    """Split ``secret`` (32 bytes) so that ``circle.needed`` of its holders make it again, and seal each share to its holder."""
    from shamir_mnemonic import generate_mnemonics  # only where there are holders

    (shares,) = generate_mnemonics(1, [(circle.needed, len(circle.holders))], secret, iteration_exponent=0)
    sealed = {
        holder.name: _SUITE.encrypt(
            share.encode(), X25519PublicKey.from_public_bytes(bytes.fromhex(holder.public)), _info(box)
        ).hex()
        for holder, share in zip(circle.holders, shares, strict=True)
    }
    return SealedShares(circle, sealed)


def take_share(sealed: SealedShares, name: str, passphrase: bytes, box: str) -> str:
    """Return the share of holder ``name``; raises WrongPassphrase, NotReleased for who holds none."""
    kept = bytes.fromhex(sealed.circle.holder(name).kept)
    salt, nonce, content = kept[:_SALT], kept[_SALT : _SALT + _NONCE], kept[_SALT + _NONCE :]
    try:
        private = AESGCM(_key(passphrase, salt)).decrypt(nonce, content, name.encode())
    except InvalidTag:
        raise WrongPassphrase from None
    opened = _SUITE.decrypt(
        bytes.fromhex(sealed.shares[name]), X25519PrivateKey.from_private_bytes(private), _info(box)
    )
    return opened.decode()


def put_together(shares: Iterable[str]) -> bytes:
    """Return the secret that these shares make."""
    from shamir_mnemonic import combine_mnemonics

    return bytes(combine_mnemonics(shares))


class HolderFiles:
    """Circles and sealed shares in a folder of the key service."""

    def __init__(self, root: Path) -> None:
        self._places, self._shares = root / "holders", root / "shares"
        for folder in (self._places, self._shares):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def circle(self, place: str) -> Circle:
        """Return the holders of a place; two are needed where nothing else was said."""
        file = self._places / f"{_safe(place)}.json"
        return _read_circle(json.loads(file.read_text("utf-8"))) if file.exists() else Circle(2)

    def put_circle(self, place: str, circle: Circle) -> None:
        """Keep the holders of a place."""
        _write(self._places / f"{_safe(place)}.json", asdict(circle))

    def shares(self, box: str) -> SealedShares | None:
        """Return the shares of a ballot; None where no holders open it."""
        file = self._shares / f"{_safe(box)}.json"
        if not file.exists():
            return None
        told = json.loads(file.read_text("utf-8"))
        return SealedShares(_read_circle(told["circle"]), told["shares"])

    def put_shares(self, box: str, sealed: SealedShares) -> None:
        """Keep the shares of a ballot."""
        _write(self._shares / f"{_safe(box)}.json", asdict(sealed))

    def drop_shares(self, box: str) -> None:
        """Destroy the shares of a ballot; safe to repeat."""
        (self._shares / f"{_safe(box)}.json").unlink(missing_ok=True)


def names(holders: Sequence[KeyHolder]) -> str:
    """Return the names of holders, as sentences give them."""
    return "、".join(holder.name for holder in holders)


def _read_circle(told: Mapping[str, object]) -> Circle:
    holders = told["holders"]
    assert isinstance(holders, list)
    return Circle(int(str(told["needed"])), tuple(KeyHolder(**each) for each in holders))


def _safe(name: str) -> str:
    if not name or not name.replace("_", "").replace("-", "").isalnum():
        raise NotReleased(Text(f"“{name}”不是地区或者表决的名称。", f"“{name}” names no place and no ballot."))
    return name


def _write(file: Path, content: object) -> None:
    fresh = file.with_suffix(".new")
    with fresh.open("w", encoding="utf-8") as written:
        json.dump(content, written, ensure_ascii=False)
        written.flush()
        os.fsync(written.fileno())
    fresh.replace(file)


def _key(passphrase: bytes, salt: bytes) -> bytes:
    return Scrypt(salt=salt, length=32, n=2**15, r=8, p=1).derive(passphrase.strip())


def _info(box: str) -> bytes:
    return f"laurel share {box}".encode()
