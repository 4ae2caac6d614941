"""The page on which people choose by which ways messages reach them."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from service.casework.people.accounts.message_ways import (
    CHOICES,
    MessageWays,
    choose_language,
    choose_ways,
    message_languages,
    view_ways,
)
from service.domain.text import Text
from service.web.frame.page.frame import crumbs, flash
from service.web.frame.page.languages import tongue
from service.web.frame.requests.current import say, t, the_actor, the_desk
from service.web.frame.requests.guarding import route_guard

PAGES = Blueprint("message_ways", __name__)

_KINDS = {
    "reminder": Text("催办", "Reminders"),
    "colleague": Text("同事转来的", "From colleagues"),
    "news": Text("办理动态", "News of a case"),
}
_ABOUT = {
    "reminder": Text(
        "待办快到期、到期和逾期时的提醒，人工催办", "before and after a time limit ends; urged by an office"
    ),
    "colleague": Text("转办、批注、批示、抄送", "tasks handed on, notes, instructions, copies"),
    "news": Text(
        "期限变动、中止与恢复（本单位申报的办件除外，一律发送）、计票、联合申报",
        "time limits moved, cases halted and resumed (of one's own application they always come), votes counted",
    ),
}
_CHANNELS = {
    "mail": Text("邮件", "Mail"),
    "webhook": Text("网关（企业微信、短信等）", "Gateway (messenger, text message)"),
}
_WISHES = {
    "": Text("随本地的设置", "As the place has it"),
    "each": Text("每条都发", "Each at once"),
    "daily": Text("每天合成一封", "One a day for all"),
    "off": Text("不发，只看站内消息", "None: the inbox is enough"),
}


@PAGES.get("/account/messages")
@route_guard("preference.keep")
def message_ways() -> ResponseReturnValue:
    """Show what the reader chose."""
    crumbs((t("我的账号", "My account"), "/account"), (t("消息方式", "How messages reach you"), None))
    ways = view_ways(the_desk(), the_actor())
    names = [say(_CHANNELS[channel]) for channel in ways.channels]
    known = [tongue(one) for one in message_languages()]
    page = "people/message_ways.html"
    return render_template(page, ways=ways, channels=names, rows=_rows(ways), languages=known)


@PAGES.post("/account/messages")
@route_guard("preference.keep")
def choose_message_ways() -> ResponseReturnValue:
    """Keep what the reader chose, and show it."""
    given = {place: request.form.get(_name(place)) for place in CHOICES}
    if request.form.get("language"):
        choose_language(the_desk(), the_actor(), request.form["language"])
    choose_ways(the_desk(), the_actor(), {place: wish for place, wish in given.items() if wish is not None})
    flash(t("已保存消息方式。", "Kept."))
    return redirect("/account/messages")


def _rows(ways: MessageWays) -> list[dict[str, Any]]:
    """Return one row for each kind, with one cell for each channel that there is."""
    return [
        {
            "label": say(word),
            "about": say(_ABOUT[kind]),
            "cells": [_cell(ways, kind, channel) for channel in ways.channels],
        }
        for kind, word in _KINDS.items()
    ]


def _cell(ways: MessageWays, kind: str, channel: str) -> dict[str, Any]:
    return {
        "name": _name((kind, channel)),
        "label": f"{say(_KINDS[kind])}{t('：', ': ')}{say(_CHANNELS[channel])}",
        "options": [(wish, say(_WISHES[wish])) for wish in CHOICES[kind, channel]],
        "chosen": ways.chosen[kind, channel],
    }


def _name(place: tuple[str, str]) -> str:
    return "-".join(place)
