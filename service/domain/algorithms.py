"""The algorithms of the program, named in one place: what a setting may choose, and how what was made says by which it was.

| for | by default | by setting |
| --- | --- | --- |
| chains of records, anchors | SHA-256 (FIPS 180-4) | SM3 (GB/T 32905), ``LAUREL_DIGEST=sm3`` |

A digest in a chain names its algorithm, so that one chain may hold both: whoever changes the setting changes what is
added from then on, and everything before goes on to be verified as it was made. Files are named by SHA-256 whatever is
set, and sealed seasons list them so; signatures are Ed25519.
"""

from __future__ import annotations

import base64
import hashlib

from cryptography.hazmat.primitives.hashes import SM3 as _SM3
from cryptography.hazmat.primitives.hashes import Hash

SHA256, SM3 = "sha256", "sm3"
DIGESTS = (SHA256, SM3)
_SM3_MARK = f"{SM3}:"


def digest(data: bytes, name: str = SHA256) -> bytes:
    """Return the 32 bytes of a digest; raises ValueError for an algorithm that is not in `DIGESTS`."""
    if name == SHA256:
        return hashlib.sha256(data).digest()
    if name != SM3:
        raise ValueError(f"no digest {name!r}")
    made = Hash(_SM3())  # of the library: that of hashlib is there or not, as the interpreter was built
    made.update(data)
    return made.finalize()


def named_digest(data: bytes, name: str = SHA256) -> str:
    """Return a digest that names its algorithm: SHA-256 as 64 hexadecimal digits, SM3 as ``sm3:`` and base64url.

    Both fit into the 64 characters that a column of hashes has, and neither can be taken for the other.
    """
    made = digest(data, name)
    return made.hex() if name == SHA256 else _SM3_MARK + base64.urlsafe_b64encode(made).decode().rstrip("=")


def algorithm_of(named: str) -> str:
    """Return by which algorithm a digest of `named_digest` was made; that of nothing ("") is SHA-256."""
    return SM3 if named.startswith(_SM3_MARK) else SHA256
