"""Clauses in answers: what is told of one depends on what it says alone, so it is made once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property, lru_cache
from typing import Any

from marshmallow import EXCLUDE, Schema, fields

from service.casework.reading.citations import CitedArticle


class ClauseOut(Schema):
    """A clause that is carried out."""

    class Meta:
        """Leave out what is not described."""

        unknown = EXCLUDE

    id = fields.String(required=True)
    article = fields.String(required=True)
    summary = fields.String()
    law = fields.String()

    def dump(self, obj: Any, *, many: bool | None = None) -> Any:
        """Return what is told of a clause, as a mapping of its own: lists tell the same few for each of their lines."""
        return super().dump(obj, many=many) if many or not isinstance(obj, CitedArticle) else dict(self._told(obj))

    @cached_property
    def _told(self) -> Callable[[CitedArticle], Mapping[str, Any]]:
        """What makes it, by all that a clause says; those of all versions that are read are some thousands."""
        return lru_cache(maxsize=4096)(super().dump)
