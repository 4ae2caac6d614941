"""The words that every pattern may use, whatever its entry fills in: they come from the place."""

from __future__ import annotations

from collections.abc import Mapping

from service.catalog.source.yaml import Value, parse_yaml, plain

PLACE = "PLACE"
"""Stands in a pattern for the id of the place: ids have to be names, so it is no slot."""


def words_of_place(files: Mapping[str, bytes], city: str) -> dict[str, str]:
    """Return id and name of ``city``, the names of its roles, and for each bound role the body that acts as it."""
    path = f"processes/{city}/jurisdiction.yaml"
    found = _mapping(plain(parse_yaml(files[path], path))) if path in files else {}
    roles = _mapping(found.get("roles")).items()
    named = {f"role.{role}": str(_mapping(entry).get("name", role)) for role, entry in roles}
    bodies = [_mapping(body) for body in reversed(_listed(found.get("bodies")))]
    held = {str(role): str(body.get("id")) for body in bodies for role in _listed(body.get("roles"))}
    acting = {f"body.{role}": held.get(str(to), str(to)) for role, to in _mapping(found.get("bindings")).items()}
    return {PLACE: city, "place": str(found.get("name", city)), **named, **acting}


def _mapping(value: Value) -> dict[str, Value]:
    return value if isinstance(value, dict) else {}


def _listed(value: Value) -> list[Value]:
    return value if isinstance(value, list) else []
