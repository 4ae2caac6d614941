"""Roles that the program itself must find."""

from __future__ import annotations

from service.catalog import BodyKind, Package


def office_role(package: Package) -> str:
    """Return the role that the office of the jurisdiction holds first."""
    roles = [role for body in package.jurisdiction.bodies if body.kind is BodyKind.OFFICE for role in body.roles]
    return roles[0] if roles else "office"
