"""What long work of the studio came to, as it is kept in the database: compressed JSON of dataclasses."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from pydantic import TypeAdapter

Result = TypeVar("Result")


def pack_result(result: Any) -> bytes:
    """Return a result as it is kept."""
    return zlib.compress(_adapter(type(result)).dump_json(result))


def unpack_result(kind: type[Result], content: bytes | None) -> Result | None:
    """Return the inverse of `pack_result`; None where nothing was kept, or by a program that had other results."""
    if content is None:
        return None
    from pydantic import ValidationError

    try:
        found: Result = _adapter(kind).validate_json(zlib.decompress(content))
    except ValidationError:
        return None
    return found


def _adapter(kind: type[Any]) -> TypeAdapter[Any]:
    from pydantic import TypeAdapter  # six megabytes, which a service without designers does without

    found = _ADAPTERS.get(kind)
    if found is None:
        found = _ADAPTERS[kind] = TypeAdapter(kind)
    return found


_ADAPTERS: dict[type[Any], TypeAdapter[Any]] = {}
"""By kind of result; there are a handful."""
