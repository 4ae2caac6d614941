"""What an address asks of a list: words, conditions, periods; what of it is not heeded is said."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import replace
from urllib.parse import unquote, urlencode

from flask import request
from werkzeug.datastructures import ImmutableMultiDict

from service.casework.people.factors.sessions import change_session
from service.casework.queries.cases.list_cases import CaseQuery
from service.casework.queries.monitoring.monitor import ChosenDiagram
from service.casework.queries.tasks.task_list import TaskQuery
from service.domain.errors import Invalid, NotFound
from service.domain.text import Text
from service.web.frame.requests.cookies import session_token
from service.web.frame.requests.current import t, the_desk, the_session
from service.web.frame.requests.parse_values import dated_cursor, row_id_or_none

WORDS = "q"
"""The name under which every list takes the words that it is searched for."""

HEADER = "Laurel-Words"
"""In which programs send them, in UTF-8 with %-escapes; what the address says under `WORDS` gives way to it."""

_KEPT = "sought"
_IN_SESSION = "~"
"""Stands in an address for words that the session keeps."""
_NUMBER_OF_PERSON = re.compile(
    r"(?<![0-9A-Za-z])(\d{17}[\dXx]|\d{15}|(\+?86[ -]?)?1[3-9](\d[ -]?){9}|0\d{2,3}[ -]?\d{7,8}|\d{7,})(?![0-9A-Za-z])"
)
"""An identity number, a telephone or as many digits in a row as make a part of one."""
_ON = "sought_on"
_CSRF = "csrf_token"
_LISTS = re.compile(
    r"/(?:search|cases|tasks|tasks/done|tasks/passed-on|tasks/asked|experts|people|book|book/cases|log|monitor/interventions|cases/\d{1,18}/process#variables)"
)
"""Lists of people, cases and acts, in which names are looked for."""
_LONGEST = 40
"""Signs of a condition that are repeated."""
PERIODS = (30, 90, 365, 3650)
"""Periods to look back over, in days; the last one means everything."""


def list_address(typed: dict[str, str]) -> str:
    """Return the address of the list that a form of search leads to, narrowed by what was typed; raises NotFound for another."""
    path, _, part = typed.pop(_ON, "").partition("#")
    if not _LISTS.fullmatch(f"{path}#{part}" if part else path):
        raise NotFound(Text("没有这个列表。", "There is no such list."))
    typed.pop(_CSRF, None)
    words = typed.get(WORDS, "")
    if _NUMBER_OF_PERSON.search(words):
        change_session(the_desk(), session_token()[0] or "", lambda details: details.update({_KEPT: words}))
    query = query_of({name: value for name, value in typed.items() if value})
    return f"{path}{'?' if query else ''}{query}{'#' if part else ''}{part}"


def query_of(conditions: Mapping[str, object]) -> str:
    """Return the query of an address, without the number of a person that is looked for."""
    hidden = _NUMBER_OF_PERSON.search(str(conditions.get(WORDS) or ""))
    return urlencode({**conditions, WORDS: _IN_SESSION} if hidden else conditions)


def open_words() -> None:
    """Let the request read the words that its header names or its session keeps; raises Invalid for a number in an address."""
    sent = request.headers.get(HEADER)
    words = unquote(sent) if sent is not None else request.args.get(WORDS, "")
    if sent is None and _NUMBER_OF_PERSON.search(words):
        raise Invalid(
            Text(
                "证件号码和电话不写在地址里：请在页面的查找框中输入，程序请用请求头 Laurel-Words 发送。",
                "Numbers of identity and telephones stand in no address: type them into the field of search of the page;"
                " programs send them in the header Laurel-Words.",
            )
        )
    if sent is None and words == _IN_SESSION:
        words = _read_stored_words()
    elif sent is None:
        return
    others = [(name, value) for name, value in request.args.items(multi=True) if name != WORDS]
    request.args = ImmutableMultiDict([*others, (WORDS, words)])


def _read_stored_words() -> str:
    session = the_session()
    words = str(session.details.get(_KEPT) or "") if session is not None else ""
    if not words:
        raise Invalid(
            Text(
                "这个地址查找的是证件号码或者电话，号码不随地址保存。请重新输入要查找的内容。",
                "This address looks for a number of identity or a telephone, which no address keeps. Type it again.",
            )
        )
    return words


def list_unheeded(conditions: Mapping[str, Collection[str] | None]) -> list[str]:
    """Return a sentence for each condition of the address that is not heeded.

    ``conditions`` are the names of conditions, each with the values that it may have, None where any may stand.
    """
    sentences = []
    for name, value in request.args.items():
        allowed = conditions.get(name)
        if not value or (name in conditions and (allowed is None or value in allowed)):
            continue
        pair_text = f"{name}={value}"[:_LONGEST]
        if name not in conditions:
            sentences.append(
                t(
                    f"地址中的“{pair_text}”不是本页的条件，没有按它筛选。本页的条件在列表上方选择。",
                    f"“{pair_text}” in the address is no condition of this page and was left out: choose above the list.",
                )
            )
            continue
        choices = "、".join(choice for choice in allowed or () if choice)
        sentences.append(
            t(
                f"看不懂地址中的“{pair_text}”，没有按它筛选或排列。{name} 可以是：{choices}。"
                if choices
                else f"看不懂地址中的“{pair_text}”，没有按它筛选或排列。请在列表上方重新选择。",
                f"“{pair_text}” in the address cannot be read and was left out."
                + (f" {name} may be: {choices}." if choices else ""),
            )
        )
    return sentences


def read_case_query(values: Mapping[str, str]) -> CaseQuery:
    """Return which cases the query string asks for."""
    process, _, element = values.get("at", "").partition("/")
    return CaseQuery(
        text=values.get("q", ""),
        process=values.get("process", ""),
        live=values.get("live") == "1",
        ended=values.get("live") == "0",
        jurisdiction=values.get("jurisdiction", ""),
        waits_at=(process, element) if element else None,
        award=values.get("award", ""),
        voting=values.get("voting") == "1",
        awaiting=values.get("awaiting") == "1",
        mine=values.get("mine") == "1",
    )


def read_chosen(values: Mapping[str, str]) -> ChosenDiagram:
    """Return the diagram and version asked for."""
    return ChosenDiagram(
        values.get("package", "")[:130], values.get("process", "")[:120], values.get("version", "")[:80]
    )


def read_named(values: Mapping[str, str]) -> ChosenDiagram:
    """Return the diagram and version that a program names: nothing else is chosen instead of them."""
    return replace(read_chosen(values), exact=True)


def read_days(values: Mapping[str, str], usual: int = 90) -> int:
    """Return how many days to look back; anything that is no such number is the usual."""
    text = values.get("days", "")
    return max(1, min(int(text), PERIODS[-1])) if text.isascii() and text.isdigit() and len(text) < 6 else usual


def read_query(values: Mapping[str, str]) -> TaskQuery:
    """Return the list that the query string asks for; what cannot be read is left out."""
    return TaskQuery(
        scope=values.get("scope", "mine"),
        text=values.get("q", "")[:100],
        step=values.get("step", "")[:240],
        due=values.get("due", ""),
        round_id=row_id_or_none(values, "round"),
        jurisdiction=values.get("jurisdiction", "")[:60],
        sort=values.get("kind", "")[:60],
        award=values.get("award", "")[:60],
        role=values.get("role", "")[:60],
        after=dated_cursor(values, "after"),
    )
