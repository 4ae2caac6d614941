"""Signatures over bundles and anchors: Ed25519, or SM2 with SM3 (GB/T 32918.2), as the public key names it.

SM2 is computed here in plain arithmetic: `cryptography` has none, a system's libcrypto has it or not, and what is
verified holds no secret that its time could tell.
"""

from __future__ import annotations

import re
from base64 import b64decode
from functools import lru_cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.hashes import SM3, Hash

_SM2 = "sm2:"
_KEY = re.compile(r"[0-9a-f]{64}|sm2:[A-Za-z0-9_-]{44}")

_P = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFF
_A = _P - 3
_B = 0x28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93
_N = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123
_G = (
    0x32C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7,
    0xBC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0,
)
"""The curve of GB/T 32918.5: its field, its two coefficients, its order and its base point."""
_SIGNER = b"1234567812345678"
"""The signer's name where none was agreed (GM/T 0009)."""

Point = tuple[int, int]
_Projective = tuple[int, int, int]
"""A point x/z², y/z³; z is 0 for the one at infinity."""
_INFINITY: _Projective = (1, 1, 0)


def is_key(key: str) -> bool:
    """Return whether ``key`` is written as a public key is."""
    return _KEY.fullmatch(key) is not None


def comparable_key(key: str) -> str:
    """Return a key so that two of them can be compared: in hexadecimal small and large letters are one, in SM2 not."""
    return key if key.startswith(_SM2) else key.lower()


def signer_of(key: str) -> str:
    """Return the algorithm that a key names, as ``signature.json`` calls it."""
    return "SM2" if key.startswith(_SM2) else "Ed25519"


def is_signed(key: str, signature: str, message: bytes) -> bool:
    """Return whether ``signature`` (hex) over a message is that of a public key."""
    try:
        if key.startswith(_SM2):
            point = point_of(b64decode(key.removeprefix(_SM2), b"-_", validate=True))
            return is_sm2(point, bytes.fromhex(signature), message)
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(key)).verify(bytes.fromhex(signature), message)
    except (InvalidSignature, ValueError):
        return False
    return True


@lru_cache(maxsize=8)
def point_of(compressed: bytes) -> Point:
    """Return the point that 33 bytes name (GB/T 32918.1, 4.2.10); raises ValueError where they name none of the curve."""
    if len(compressed) != 33 or compressed[0] not in (2, 3):
        raise ValueError("no compressed point")
    x = int.from_bytes(compressed[1:])
    square = (pow(x, 3, _P) + _A * x + _B) % _P
    y = pow(square, (_P + 1) // 4, _P)
    if x >= _P or y * y % _P != square:
        raise ValueError("no point of the curve")
    return (x, y if y % 2 == compressed[0] % 2 else _P - y)


def is_sm2(public: Point, signature: bytes, message: bytes) -> bool:
    """Return whether the DER of r and s is the signature of ``public`` over a message (GB/T 32918.2, 7); raises ValueError."""
    r, s = decode_dss_signature(signature)
    whole = encode_dss_signature(r, s) == signature
    t = (r + s) % _N
    if not (whole and 0 < r < _N and 0 < s < _N and t):
        return False
    x, _, z = _sum(_times(s, _G), _times(t, public))
    if not z:
        return False
    affine = x * pow(z, -2, _P) % _P
    return (_digest(public, message) + affine) % _N == r


def _digest(public: Point, message: bytes) -> int:
    """Return e: SM3 over the signer with curve and key, and over the message."""
    numbers = b"".join(number.to_bytes(32) for number in (_A, _B, *_G, *public))
    signer = _sm3((len(_SIGNER) * 8).to_bytes(2) + _SIGNER + numbers)
    return int.from_bytes(_sm3(signer + message))


def _sm3(data: bytes) -> bytes:
    made = Hash(SM3())
    made.update(data)
    return made.finalize()


def _times(number: int, point: Point) -> _Projective:
    found, added = _INFINITY, (*point, 1)
    for bit in f"{number:b}":
        found = _double(found)
        if bit == "1":
            found = _sum(found, added)
    return found


def _double(point: _Projective) -> _Projective:
    x, y, z = point
    if not z or not y:
        return _INFINITY
    square = y * y % _P
    s, m = 4 * x * square % _P, 3 * (x - z * z) * (x + z * z) % _P  # a is -3
    doubled = (m * m - 2 * s) % _P
    return doubled, (m * (s - doubled) - 8 * square * square) % _P, 2 * y * z % _P


def _sum(one: _Projective, other: _Projective) -> _Projective:
    if not one[2] or not other[2]:
        return other if not one[2] else one
    (x1, y1, z1), (x2, y2, z2) = one, other
    u1, u2 = x1 * z2 * z2 % _P, x2 * z1 * z1 % _P
    s1, s2 = y1 * z2 * z2 * z2 % _P, y2 * z1 * z1 * z1 % _P
    if u1 == u2:
        return _double(one) if s1 == s2 else _INFINITY
    h, r = (u2 - u1) % _P, (s2 - s1) % _P
    square, cube = h * h % _P, h * h * h % _P
    x = (r * r - cube - 2 * u1 * square) % _P
    return x, (r * (u1 * square - x) - s1 * cube) % _P, h * z1 * z2 % _P
