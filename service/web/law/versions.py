"""Pages of the published versions of a regulation: all of them, and each with the cases that run under it."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from service.casework.access.guards import GUARDS
from service.casework.queries.law.study_versions import list_versions
from service.casework.queries.law.view_version import view_version
from service.web.frame.requests.current import say, t, the_actor, the_desk
from service.web.frame.requests.guarding import route_guard
from service.web.frame.requests.parse_values import cursor
from service.web.law.law import law_crumbs

PAGES = Blueprint("law_versions", __name__, url_prefix="/law")


@PAGES.get("/<jurisdiction>/<award>/versions")
@route_guard("law.study")
def versions(jurisdiction: str, award: str) -> ResponseReturnValue:
    """Show every published version and how many cases run under it."""
    package, lines = list_versions(the_desk(), the_actor(), f"{jurisdiction}/{award}")
    law_crumbs(jurisdiction, package.jurisdiction.text, (t("版本", "Versions"), None))
    may_look = GUARDS["amendment.preview"].admits(the_actor(), jurisdiction)
    return render_template("law/versions.html", package=package, lines=lines, may_look=may_look)


@PAGES.get("/<jurisdiction>/<award>/versions/<version>")
@route_guard("law.study")
def version(jurisdiction: str, award: str, version: str) -> ResponseReturnValue:
    """Show how one version came and went, and the cases that run under it."""
    key = f"{jurisdiction}/{award}"
    view = view_version(the_desk(), the_actor(), key, version, cursor(request.args, "after") or 0)
    all_of_them = (t("版本", "Versions"), f"/law/{key}/versions")
    law_crumbs(jurisdiction, view.package.jurisdiction.text, all_of_them, (say(view.line.name), None))
    return render_template("law/version.html", view=view)
