"""The page of the table of permissions."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from service.casework.access.permissions import KINDS, Permission, matrix
from service.web.frame.page.frame import crumbs
from service.web.frame.requests.current import t
from service.web.frame.requests.guarding import route_guard

PAGES = Blueprint("permissions", __name__)

SIGNS = {Permission.YES: "●", Permission.OWN: "○", Permission.NO: "—"}


@PAGES.get("/permissions")
@route_guard("permissions.view")
def permissions() -> ResponseReturnValue:
    """Show who may do what."""
    crumbs((t("人员", "People"), "/people"), (t("权限表", "Permissions"), None))
    return render_template("people/permissions.html", rows=matrix(), kinds=KINDS, signs=SIGNS, cells=Permission)
