"""A notice passed on: its picture beside a shared link."""

from __future__ import annotations

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from service.casework.queries.public.notice_card import notice_card
from service.web.frame.requests.current import the_actor, the_desk
from service.web.frame.requests.guarding import route_guard

PAGES = Blueprint("sharing", __name__)


@PAGES.get("/notices/<int:notice_id>/card.png")
@route_guard("notice.view")
def card(notice_id: int) -> ResponseReturnValue:
    """Return the picture of a public notice that programs for messages show beside its address."""
    answer = Response(notice_card(the_desk(), the_actor(), notice_id), mimetype="image/png")
    answer.cache_control.max_age = 600
    answer.add_etag()
    answer.make_conditional(request)
    return answer
