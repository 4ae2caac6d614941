"""What browsers and authenticators say (WebAuthn level 2), made and checked by the library webauthn."""

from __future__ import annotations

import binascii
import hashlib
import hmac
import ipaddress
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm

from service.casework.desk.desk import Desk
from service.casework.people.factors.password_throttle import keyed_hash
from service.domain.errors import LaurelError
from service.domain.text import Text
from service.store import Transaction
from service.store.models import PasskeyRow, PersonRow

_LOCAL = "localhost"


@dataclass(frozen=True, slots=True)
class PasskeySite:
    """``id`` is the host name (relying party id of WebAuthn), ``origin`` scheme, host and port as browsers say them."""

    id: str
    origin: str


def passkey_site(public_url: str) -> PasskeySite | None:
    """Return the site of an installation; None where browsers make no passkeys: no https, or a number for a name.

    The page of this machine (``http://localhost``) is the one address that does without https.
    """
    parts = urlsplit(public_url)
    host = (parts.hostname or "").lower()
    secure = parts.scheme == "https" or (parts.scheme == "http" and host == _LOCAL)
    if not host or not secure or _is_number(host):
        return None
    usual = parts.port in (None, 443 if parts.scheme == "https" else 80)
    return PasskeySite(host, f"{parts.scheme}://{host}" + ("" if usual else f":{parts.port}"))


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def handle_of(person_id: int, desk: Desk) -> str:
    """Return what authenticators know a person by, 32 bytes in hexadecimal: it says nothing of them (WebAuthn 14.6.1)."""
    return keyed_hash(desk, f"passkeys of {person_id}")


_LASTS = timedelta(minutes=5)
_NONCE, _UNTIL = 16, 8
_LENGTH = _NONCE + _UNTIL + hashlib.sha256().digest_size


def new_challenge(purpose: str, desk: Desk) -> bytes:
    """Return 56 bytes that only this installation can make: 16 of chance, the second they end at, and a keyed hash."""
    until = int((desk.clock.now() + _LASTS).timestamp())
    payload = secrets.token_bytes(_NONCE) + until.to_bytes(_UNTIL, "big")
    return payload + _seal_challenge(payload, purpose, desk)


def is_ours(challenge: bytes, purpose: str, desk: Desk) -> bool:
    """Return whether this installation made ``challenge`` for ``purpose`` within the last five minutes."""
    if len(challenge) != _LENGTH:
        return False
    payload, seal = challenge[: _NONCE + _UNTIL], challenge[_NONCE + _UNTIL :]
    return hmac.compare_digest(_seal_challenge(payload, purpose, desk), seal) and desk.clock.now() <= _read_expiry(
        challenge
    )


def take_challenge(tx: Transaction, desk: Desk, challenge: bytes) -> bool:
    """Note that a challenge of ours was answered; False where it was before."""
    mark = hashlib.sha256(challenge).hexdigest()
    return tx.passkeys.take_challenge(mark, _read_expiry(challenge), desk.clock.now())


def _read_expiry(challenge: bytes) -> datetime:
    return datetime.fromtimestamp(int.from_bytes(challenge[_NONCE : _NONCE + _UNTIL], "big"), UTC)


def _seal_challenge(payload: bytes, purpose: str, desk: Desk) -> bytes:
    return bytes.fromhex(keyed_hash(desk, f"challenge of a passkey, {purpose}: {payload.hex()}"))


SITE_NAME = "Laurel"
LONGEST_ANSWER = 20_000
"""Characters of an answer; one of a common authenticator has fewer than two thousand."""

_LONGEST_ID = 1364
"""Characters of the longest id of a key (1,023 bytes, WebAuthn 4)."""

_SECONDS = 300


class WrongPasskey(LaurelError):
    """The answer of an authenticator proves nothing; it is not said why."""

    code = "wrong_passkey"
    sentence = Text(
        "通行密钥没有通过验证，请重试；仍不行的，用密码登录，或者在“我的账号”中重新添加。",
        "The passkey was not accepted: try again; if it fails, sign in with the password, or add the key anew.",
    )


@dataclass(frozen=True, slots=True)
class ClaimedKey:
    """An answer that was read and not checked yet: which ``credential`` it claims, over which ``challenge``."""

    credential: str
    challenge: bytes


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key pair whose owner was seen by its authenticator."""

    credential: str
    public_key: str
    counter: int


def options_to_add(
    site: PasskeySite, person: PersonRow, handle: str, challenge: bytes, passkeys: Sequence[PasskeyRow]
) -> str:
    """Return what a browser is asked when a key is made (JSON): one that its owner opens, and that names them itself."""
    from webauthn import base64url_to_bytes, generate_registration_options, options_to_json
    from webauthn.helpers.structs import (
        AuthenticatorSelectionCriteria,
        PublicKeyCredentialDescriptor,
        ResidentKeyRequirement,
        UserVerificationRequirement,
    )

    options = generate_registration_options(
        rp_id=site.id,
        rp_name=SITE_NAME,
        user_name=person.login,
        user_id=bytes.fromhex(handle),
        user_display_name=person.name,
        challenge=challenge,
        timeout=_SECONDS * 1000,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=base64url_to_bytes(row.credential)) for row in passkeys],
        supported_pub_key_algs=_list_algorithms(),
    )
    return str(options_to_json(options))


def options_to_sign(site: PasskeySite, challenge: bytes, passkeys: Sequence[PasskeyRow] = ()) -> str:
    """Return what a browser is asked when somebody signs in (JSON): by any key for this site, or one of ``passkeys``."""
    from webauthn import base64url_to_bytes, generate_authentication_options, options_to_json
    from webauthn.helpers.structs import PublicKeyCredentialDescriptor, UserVerificationRequirement

    options = generate_authentication_options(
        rp_id=site.id,
        challenge=challenge,
        timeout=_SECONDS * 1000,
        allow_credentials=[PublicKeyCredentialDescriptor(id=base64url_to_bytes(row.credential)) for row in passkeys],
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return str(options_to_json(options))


def parse_claimed_key(answer: str) -> ClaimedKey:
    """Return what an answer claims, checked later; raises WrongPasskey where it cannot be read."""
    import orjson
    from webauthn import base64url_to_bytes
    from webauthn.helpers import parse_client_data_json

    try:
        if len(answer) > LONGEST_ANSWER:
            raise WrongPasskey
        response = orjson.loads(answer)
        client_data = parse_client_data_json(base64url_to_bytes(response["response"]["clientDataJSON"]))
        credential = str(response["id"])
        if len(credential) > _LONGEST_ID:
            raise WrongPasskey
        return ClaimedKey(credential, bytes(client_data.challenge))
    except _list_reading_errors() as refusal:
        raise WrongPasskey from refusal


def prove_new(site: PasskeySite, answer: str, challenge: bytes) -> NewKey:
    """Return the key that was made; raises WrongPasskey unless its owner was verified, here, over ``challenge``."""
    from webauthn import verify_registration_response
    from webauthn.helpers import bytes_to_base64url

    try:
        verification = verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=site.id,
            expected_origin=site.origin,
            require_user_verification=True,
            supported_pub_key_algs=_list_algorithms(),
        )
    except _list_reading_errors() as refusal:
        raise WrongPasskey from refusal
    return NewKey(
        str(bytes_to_base64url(verification.credential_id)),
        str(bytes_to_base64url(verification.credential_public_key)),
        int(verification.sign_count),
    )


def verify_key_possession(site: PasskeySite, answer: str, challenge: bytes, public_key: str, person_handle: str) -> int:
    """Return the counter of whoever holds the private half of ``public_key``; whether it grew is asked where it is stored.

    Raises:
        WrongPasskey: another key signed, for another site or challenge, its owner was not verified, or it is another
            person's.
    """
    from webauthn import base64url_to_bytes, verify_authentication_response
    from webauthn.helpers import parse_authentication_credential_json

    try:
        handle = parse_authentication_credential_json(answer).response.user_handle
        verification = verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=site.id,
            expected_origin=site.origin,
            credential_public_key=base64url_to_bytes(public_key),
            credential_current_sign_count=0,
            require_user_verification=True,
        )
    except _list_reading_errors() as refusal:
        raise WrongPasskey from refusal
    if handle and bytes(handle) != bytes.fromhex(person_handle):
        raise WrongPasskey
    return int(verification.new_sign_count)


def _list_algorithms() -> list[Any]:
    """Return how keys may sign: ES256, EdDSA, RS256."""
    from webauthn.helpers.cose import COSEAlgorithmIdentifier as Algorithm

    return [Algorithm.ECDSA_SHA_256, Algorithm.EDDSA, Algorithm.RSASSA_PKCS1_v1_5_SHA_256]


def _list_reading_errors() -> tuple[type[Exception], ...]:
    """Return what is raised over answers that are none: by the library, and by what it reads them with."""
    from webauthn.helpers.exceptions import WebAuthnException

    of_bytes = (binascii.Error, UnicodeError, ValueError, TypeError, KeyError, IndexError, AttributeError)
    return WebAuthnException, InvalidSignature, UnsupportedAlgorithm, RecursionError, OverflowError, *of_bytes
