"""SM2: the standard's example, and that two programs and the system's openssl agree about what was signed."""

from __future__ import annotations

import base64
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from service.casework.desk.premises import Premises
from service.domain.proof.algorithms import ED25519, SIGNATURES, SM2
from service.domain.proof.signing import OwnKeys, is_signature, public_key, signature_over
from service.domain.proof.sm2 import ORDER, sm2_holds, sm2_public, sm2_sign
from service.jobs.premises import premises_of
from service.settings import BadSetting, read_settings

SECRET, OTHER = bytes(range(32)), b"\x07" * 32
MESSAGE = "本届封存".encode()
ROOT = Path(__file__).parents[3]
NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
BEYOND = f"sm2:{base64.urlsafe_b64encode(bytes([2] + [255] * 32)).decode()}"
WITHOUT_SM2 = """openssl_conf = all
[all]
providers = only
[only]
base = active
[active]
activate = 1
"""
"""Settings of OpenSSL by which it loads no algorithm at all."""


def test_the_example_of_the_standard_holds() -> None:
    """GB/T 32918.5-2017, A.2: the key, the message and the numbers r and s."""
    private = int("3945208F7B2144B13F36E38AC6D39F95889393692860B51A42FB81EF4DF7C5B8", 16)
    x = "09F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020"
    r = "F5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3"
    s = "B1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA"
    public, signature = sm2_public(private), bytes.fromhex(f"3046022100{r}022100{s}")
    assert public.hex() == f"03{x.lower()}"
    for message, holds in ((b"message digest", True), (b"message digesT", False), (b"", False)):
        assert sm2_holds(public, signature, message) is holds


@pytest.mark.parametrize("by", SIGNATURES)
def test_a_signature_holds_and_no_changed_byte_does(by: str) -> None:
    key, signature = public_key(SECRET, by), signature_over(MESSAGE, SECRET, by)
    assert len(key) <= 64, "as long as its column"

    def holds(signature: str, message: bytes = MESSAGE, key: str = key) -> bool:
        return is_signature(signature, message, key)

    assert holds(signature)
    made = bytes.fromhex(signature)
    for place in range(len(made)):
        assert not holds((made[:place] + bytes([made[place] ^ 1]) + made[place + 1 :]).hex())
    assert not any(holds(other) for other in (f"{signature}00", signature[:-2], "", "00", "xy"))
    assert not holds(signature, MESSAGE + b"\0")
    assert not holds(signature, key=public_key(OTHER, by))


def test_each_signature_by_sm2_is_another_one_and_all_hold() -> None:
    public = sm2_public(ORDER - 2)
    made = {sm2_sign(ORDER - 2, MESSAGE) for _ in range(20)}
    assert len(made) == 20, "the number that each draws is its own"
    assert all(sm2_holds(public, one, MESSAGE) for one in made)


@pytest.mark.parametrize(
    "key",
    ["", "sm2:", "sm2:!", f"sm2:{'A' * 44}", BEYOND, "ab"],
    ids=["nothing", "no point", "no base64", "infinity", "beyond the field", "too short"],
)
def test_what_is_no_key_signs_nothing(key: str) -> None:
    signature = signature_over(MESSAGE, SECRET, SM2)
    assert not is_signature(signature, MESSAGE, key)


def test_the_openssl_of_the_system_verifies_it(tmp_path: Path) -> None:
    """Without the name of the signer it must fail."""
    point = base64.urlsafe_b64decode(public_key(SECRET, SM2).removeprefix("sm2:"))
    der = bytes.fromhex("3039301306072a8648ce3d020106082a811ccf5501822d032200") + point
    pem = f"-----BEGIN PUBLIC KEY-----\n{base64.encodebytes(der).decode()}-----END PUBLIC KEY-----\n"
    for name, data in (
        ("key", pem.encode()),
        ("signed", bytes.fromhex(signature_over(MESSAGE, SECRET, SM2))),
        ("text", MESSAGE),
    ):
        (tmp_path / name).write_bytes(data)
    asked = [
        "openssl",
        "pkeyutl",
        "-verify",
        "-pubin",
        "-inkey",
        "key",
        "-rawin",
        "-digest",
        "sm3",
        "-in",
        "text",
        "-sigfile",
        "signed",
    ]
    said = [
        subprocess.run([*asked, *more], cwd=tmp_path, check=False, capture_output=True).returncode
        for more in (["-pkeyopt", "distid:1234567812345678"], [])
    ]
    assert said == [0, 1]


def test_what_either_algorithm_signed_is_ones_own_and_a_strangers_is_not() -> None:
    own = OwnKeys(SECRET)
    assert own.are_there
    assert all(public_key(SECRET, by) in own and own.by(by) == public_key(SECRET, by) for by in SIGNATURES)
    assert not any(public_key(OTHER, by) in own for by in SIGNATURES)
    assert not any(public_key(SECRET, by) in OwnKeys(None) for by in SIGNATURES)
    assert OwnKeys(None).by(SM2) == ""
    for wrong in (lambda: public_key(SECRET, "rsa"), lambda: signature_over(MESSAGE, SECRET, "rsa")):
        with pytest.raises(ValueError, match="rsa"):
            wrong()


def test_the_setting_names_one_of_them() -> None:
    assert premises_of(read_settings({"LAUREL_SIGNATURE": "SM2"})).signature == SM2
    assert premises_of(read_settings({})).signature == Premises().signature == ED25519
    with pytest.raises(BadSetting, match="LAUREL_SIGNATURE"):
        read_settings({"LAUREL_SIGNATURE": "rsa"})


def test_where_libcrypto_has_no_sm2_a_start_with_that_setting_is_refused(tmp_path: Path) -> None:
    without = tmp_path / "openssl.cnf"
    without.write_text(WITHOUT_SM2, encoding="utf-8")

    def started(signature: str) -> subprocess.CompletedProcess[str]:
        chosen = {"OPENSSL_CONF": str(without), "LAUREL_SIGNATURE": signature, "LAUREL_DATA": str(tmp_path / "data")}
        command = [sys.executable, "-m", "service.app", "calendar", "list"]
        return subprocess.run(
            command, cwd=ROOT, env={**os.environ, **chosen}, check=False, capture_output=True, text=True
        )

    refused = started("sm2")
    assert refused.returncode != 0
    assert "LAUREL_SIGNATURE 设为 sm2，但本机没有能计算 SM2 的 libcrypto" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert started("ed25519").returncode == 0
