"""What browsers and authenticators say (WebAuthn level 2), made and checked by the library webauthn."""

from __future__ import annotations

import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm

from service.casework.people.factors.passkey_site import PasskeySite
from service.domain.errors import LaurelError
from service.domain.text import Text
from service.store.models import PasskeyRow, PersonRow

SITE_NAME = "Laurel"
LONGEST_ANSWER = 20_000
"""Characters of an answer; one of a common authenticator has fewer than two thousand."""

_LONGEST_ID = 1364
"""Characters of the longest id of a key (1,023 bytes, WebAuthn 4)."""

_SECONDS = 300


class WrongPasskey(LaurelError):
    """The answer of an authenticator proves nothing; it is not said why."""

    code = "wrong_passkey"

    def __init__(self) -> None:
        super().__init__(
            Text(
                "通行密钥没有通过验证，请重试；仍不行的，用密码登录，或者在“我的账号”中重新添加。",
                "The passkey was not accepted: try again; if it fails, sign in with the password, or add the key anew.",
            )
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
    site: PasskeySite, person: PersonRow, handle: str, challenge: bytes, known: Sequence[PasskeyRow]
) -> str:
    """Return what a browser is asked when a key is made (JSON): one that its owner opens, and that names them itself."""
    from webauthn import base64url_to_bytes, generate_registration_options, options_to_json
    from webauthn.helpers.structs import (
        AuthenticatorSelectionCriteria,
        PublicKeyCredentialDescriptor,
        ResidentKeyRequirement,
        UserVerificationRequirement,
    )

    asked = generate_registration_options(
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
        exclude_credentials=[PublicKeyCredentialDescriptor(id=base64url_to_bytes(row.credential)) for row in known],
        supported_pub_key_algs=_algorithms(),
    )
    return str(options_to_json(asked))


def options_to_sign(site: PasskeySite, challenge: bytes, known: Sequence[PasskeyRow] = ()) -> str:
    """Return what a browser is asked when somebody signs in (JSON): by any key for this site, or one of ``known``."""
    from webauthn import base64url_to_bytes, generate_authentication_options, options_to_json
    from webauthn.helpers.structs import PublicKeyCredentialDescriptor, UserVerificationRequirement

    asked = generate_authentication_options(
        rp_id=site.id,
        challenge=challenge,
        timeout=_SECONDS * 1000,
        allow_credentials=[PublicKeyCredentialDescriptor(id=base64url_to_bytes(row.credential)) for row in known],
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return str(options_to_json(asked))


def claimed(answer: str) -> ClaimedKey:
    """Return what an answer claims, checked later; raises WrongPasskey where it cannot be read."""
    import orjson
    from webauthn import base64url_to_bytes
    from webauthn.helpers import parse_client_data_json

    try:
        if len(answer) > LONGEST_ANSWER:
            raise WrongPasskey
        told = orjson.loads(answer)
        said = parse_client_data_json(base64url_to_bytes(told["response"]["clientDataJSON"]))
        credential = str(told["id"])
        if len(credential) > _LONGEST_ID:
            raise WrongPasskey
        return ClaimedKey(credential, bytes(said.challenge))
    except _unreadable() as refusal:
        raise WrongPasskey from refusal


def prove_new(site: PasskeySite, answer: str, challenge: bytes) -> NewKey:
    """Return the key that was made; raises WrongPasskey unless its owner was verified, here, over ``challenge``."""
    from webauthn import verify_registration_response
    from webauthn.helpers import bytes_to_base64url

    try:
        found = verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=site.id,
            expected_origin=site.origin,
            require_user_verification=True,
            supported_pub_key_algs=_algorithms(),
        )
    except _unreadable() as refusal:
        raise WrongPasskey from refusal
    return NewKey(
        str(bytes_to_base64url(found.credential_id)),
        str(bytes_to_base64url(found.credential_public_key)),
        int(found.sign_count),
    )


def prove_held(site: PasskeySite, answer: str, challenge: bytes, public_key: str, person_handle: str) -> int:
    """Return the counter of whoever holds the private half of ``public_key``; whether it grew is asked where it is stored.

    Raises:
        WrongPasskey: another key signed, for another site or challenge, its owner was not verified, or it is another
            person's.
    """
    from webauthn import base64url_to_bytes, verify_authentication_response
    from webauthn.helpers import parse_authentication_credential_json

    try:
        handle = parse_authentication_credential_json(answer).response.user_handle
        found = verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=site.id,
            expected_origin=site.origin,
            credential_public_key=base64url_to_bytes(public_key),
            credential_current_sign_count=0,
            require_user_verification=True,
        )
    except _unreadable() as refusal:
        raise WrongPasskey from refusal
    if handle and bytes(handle) != bytes.fromhex(person_handle):
        raise WrongPasskey
    return int(found.new_sign_count)


def _algorithms() -> list[Any]:
    """Return how keys may sign: ES256, EdDSA, RS256."""
    from webauthn.helpers.cose import COSEAlgorithmIdentifier as Algorithm

    return [Algorithm.ECDSA_SHA_256, Algorithm.EDDSA, Algorithm.RSASSA_PKCS1_v1_5_SHA_256]


def _unreadable() -> tuple[type[Exception], ...]:
    """Return what is raised over answers that are none: by the library, and by what it reads them with."""
    from webauthn.helpers.exceptions import WebAuthnException

    of_bytes = (binascii.Error, UnicodeError, ValueError, TypeError, KeyError, IndexError, AttributeError)
    return WebAuthnException, InvalidSignature, UnsupportedAlgorithm, RecursionError, OverflowError, *of_bytes
