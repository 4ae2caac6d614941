"""SM2 signatures (GB/T 32918.2) with SM3, made and checked by the system's libcrypto (OpenSSL 3).

`cryptography` has no SM2; libraries in Python that have it draw their nonces badly or bring an OpenSSL of their own.
The signer is named as GM/T 0009 says where nothing else was agreed, 1234567812345678; a signature is the DER of r and s.
Nothing is kept between two calls, so that several threads may sign.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from ctypes import POINTER, byref, c_char_p, c_int, c_long, c_size_t, c_void_p, create_string_buffer
from functools import lru_cache
from typing import Final

from service.domain.errors import LaurelError
from service.domain.text import Text

ORDER: Final = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123
"""How many points the curve has; a private key is a number from 1 to two less than it."""
SIGNER: Final = b"1234567812345678"

_NAMES = ("libcrypto.so.3", "libcrypto.3.dylib", "libcrypto-3-x64.dll")
_LONGEST = 80
"""Bytes of a signature at most: two numbers of 33 bytes, and what DER says about them."""
POINT: Final = 33
"""Bytes of a compressed public key: the parity of y, and x."""
_WHOLE_POINT = 65
_KIND = bytes.fromhex("301306072a8648ce3d020106082a811ccf5501822d")
"""Of a key: one of an elliptic curve (id-ecPublicKey), the curve being 1.2.156.10197.1.301."""
_FUNCTIONS = {
    "ERR_clear_error": (None,),
    "EVP_DigestSign": (c_int, c_void_p, c_char_p, POINTER(c_size_t), c_char_p, c_size_t),
    "EVP_DigestSignInit": (c_int, c_void_p, c_void_p, c_void_p, c_void_p, c_void_p),
    "EVP_DigestVerify": (c_int, c_void_p, c_char_p, c_size_t, c_char_p, c_size_t),
    "EVP_DigestVerifyInit": (c_int, c_void_p, c_void_p, c_void_p, c_void_p, c_void_p),
    "EVP_MD_CTX_free": (None, c_void_p),
    "EVP_MD_CTX_new": (c_void_p,),
    "EVP_MD_CTX_set_pkey_ctx": (None, c_void_p, c_void_p),
    "EVP_PKEY_CTX_free": (None, c_void_p),
    "EVP_PKEY_CTX_new": (c_void_p, c_void_p, c_void_p),
    "EVP_PKEY_CTX_set1_id": (c_int, c_void_p, c_char_p, c_int),
    "EVP_PKEY_free": (None, c_void_p),
    "EVP_sm3": (c_void_p,),
    "d2i_AutoPrivateKey": (c_void_p, c_void_p, POINTER(c_char_p), c_long),
    "d2i_PUBKEY": (c_void_p, c_void_p, POINTER(c_char_p), c_long),
    "i2d_PUBKEY": (c_int, c_void_p, POINTER(c_void_p)),
}
"""What is asked of libcrypto: what each function gives back, and what it takes."""
_KNOWN = (
    bytes.fromhex("0309f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020"),
    bytes.fromhex(
        "3046022100f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3"
        "022100b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa"
    ),
    b"message digest",
)
"""Public key, signature and message of GB/T 32918.5, A.2: a library that does not know them is not used."""


class NoSm2(LaurelError):
    """The system's libcrypto cannot compute SM2."""

    code = "no_sm2"

    def __init__(self) -> None:
        super().__init__(
            Text(
                "本机没有能计算 SM2 的 libcrypto（OpenSSL 3）：请安装系统的 OpenSSL 3 软件包"
                "（Debian、Ubuntu：libssl3 或 libssl3t64；有的发行版去掉了 SM2，须换用含国密算法的版本）",
                "this machine has no libcrypto (OpenSSL 3) that computes SM2: install the system's package of OpenSSL 3"
                " (Debian, Ubuntu: libssl3 or libssl3t64; some systems leave SM2 out, which takes another build)",
            )
        )


def demand_sm2() -> None:
    """Raise NoSm2 unless the system's libcrypto knows the standard's example."""
    _libcrypto()


def sm2_public(private: int) -> bytes:
    """Return the public key of a private one: the point, compressed to 33 bytes (GB/T 32918.1); raises NoSm2."""
    library = _libcrypto()
    with _key(library, "d2i_AutoPrivateKey", _private_der(private)) as key:
        assert key is not None, "a number below the order is a private key"
        told = create_string_buffer(library.i2d_PUBKEY(key, None))
        library.i2d_PUBKEY(key, byref(c_void_p(ctypes.addressof(told))))
    point = told.raw[-_WHOLE_POINT:]
    return bytes([2 + point[-1] % 2]) + point[1:POINT]


def sm2_sign(private: int, message: bytes) -> bytes:
    """Return the signature of a private key over a message, another one at each call; raises NoSm2."""
    library = _libcrypto()
    made, size = create_string_buffer(_LONGEST), c_size_t(_LONGEST)
    with _key(library, "d2i_AutoPrivateKey", _private_der(private)) as key:
        assert key is not None, "a number below the order is a private key"
        with _context(library, "EVP_DigestSignInit", key) as context:
            done = library.EVP_DigestSign(context, made, byref(size), message, len(message))
    if done != 1:
        raise RuntimeError("libcrypto did not sign")
    return made.raw[: size.value]


def sm2_holds(public: bytes, signature: bytes, message: bytes) -> bool:
    """Return whether a signature over a message is that of a public key of 33 bytes; raises NoSm2."""
    return _holds(_libcrypto(), public, signature, message)


@lru_cache(maxsize=1)
def _libcrypto() -> ctypes.CDLL:
    for name in _NAMES:
        with suppress(OSError, AttributeError):  # there is none of that name, or it is of another version
            library = ctypes.CDLL(name)
            for function, (gives, *takes) in _FUNCTIONS.items():
                asked = getattr(library, function)
                asked.restype, asked.argtypes = gives, takes
            if _holds(library, *_KNOWN):
                return library
    raise NoSm2


def _holds(library: ctypes.CDLL, public: bytes, signature: bytes, message: bytes) -> bool:
    with _key(library, "d2i_PUBKEY", _der(0x30, _KIND + _der(3, b"\0" + public))) as key:
        if key is None:
            return False
        with _context(library, "EVP_DigestVerifyInit", key) as context:
            return bool(library.EVP_DigestVerify(context, signature, len(signature), message, len(message)) == 1)


@contextmanager
def _key(library: ctypes.CDLL, read: str, der: bytes) -> Iterator[int | None]:
    """Give the key that ``der`` holds until the end of the block; None where it holds none.

    What libcrypto noted as errors is cleared: it is shared with whoever else uses it in this thread.
    """
    key: int | None = getattr(library, read)(None, byref(c_char_p(der)), len(der))
    try:
        yield key
    finally:
        library.EVP_PKEY_free(key)
        library.ERR_clear_error()


@contextmanager
def _context(library: ctypes.CDLL, begin: str, key: int) -> Iterator[int]:
    with ExitStack() as held:
        context, named = library.EVP_MD_CTX_new(), library.EVP_PKEY_CTX_new(key, None)
        held.callback(library.EVP_PKEY_CTX_free, named)
        held.callback(library.EVP_MD_CTX_free, context)
        if not context or not named or library.EVP_PKEY_CTX_set1_id(named, SIGNER, len(SIGNER)) != 1:
            raise RuntimeError("libcrypto did not take the name of the signer")
        library.EVP_MD_CTX_set_pkey_ctx(context, named)
        if getattr(library, begin)(context, None, library.EVP_sm3(), None, key) != 1:
            raise RuntimeError("libcrypto did not begin with SM2 and SM3")
        yield context


def _private_der(private: int) -> bytes:
    """Return a private key as PKCS #8 has it; libcrypto computes the public one."""
    return _der(0x30, b"\2\1\0" + _KIND + _der(4, _der(0x30, b"\2\1\1" + _der(4, private.to_bytes(32)))))


def _der(tag: int, content: bytes) -> bytes:
    """Return content of less than 128 bytes under its tag."""
    return bytes([tag, len(content)]) + content
