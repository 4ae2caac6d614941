"""Ed25519 signatures of the installation."""

from __future__ import annotations

import pytest

from service.domain.proof.signing import is_signature, public_key, signature_over

SECRET = bytes(range(32))
MESSAGE = "二〇二六年计票".encode()


def test_a_signature_is_that_of_the_standard() -> None:
    """The second example of RFC 8032, 7.1."""
    secret = bytes.fromhex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb")
    assert public_key(secret) == "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"
    assert signature_over(b"\x72", secret).startswith("92a009a9f0d4cab8720e820b5f642540")


@pytest.mark.parametrize("key", ["", "ab", "sm2:", "z" * 64, public_key(bytes(32))])
def test_what_another_key_signed_or_was_changed_does_not_hold(key: str) -> None:
    signature = signature_over(MESSAGE, SECRET)
    assert is_signature(signature, MESSAGE, public_key(SECRET))
    assert not is_signature(signature, MESSAGE, key)
    assert not is_signature(signature, MESSAGE + b"1", public_key(SECRET))
    assert not is_signature(signature[:-2], MESSAGE, public_key(SECRET))
