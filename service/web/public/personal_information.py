"""The public page that says which personal data are collected, why, and for how long they are kept."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from service.casework.queries.public.personal_information import view_personal_information
from service.web.frame.page.frame import crumbs
from service.web.frame.requests.current import t, the_actor, the_desk
from service.web.frame.requests.guarding import route_guard

PAGES = Blueprint("personal_information", __name__)


@PAGES.get("/personal-information")
@PAGES.get("/personal-information/<jurisdiction>")
@route_guard("portal.view")
def told(jurisdiction: str = "") -> ResponseReturnValue:
    """Say it, with the times of one place where one is named."""
    view = view_personal_information(the_desk(), the_actor(), jurisdiction)
    crumbs((t("公示与办法", "Notices and regulations"), "/portal"), (t("个人信息说明", "Personal data"), None))
    return render_template("portal/personal_information.html", view=view)
