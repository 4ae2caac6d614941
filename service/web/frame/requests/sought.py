"""Words that somebody looks for stand in the address of the list; numbers of people do not, the session keeps those."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import unquote, urlencode

from flask import request
from werkzeug.datastructures import ImmutableMultiDict

from service.casework.people.factors.sessions import change_session
from service.domain.errors import Invalid, NotFound
from service.domain.text import Text
from service.web.frame.requests.cookies import session_token
from service.web.frame.requests.current import the_desk, the_session

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
    r"/(?:search|cases|tasks|tasks/done|tasks/passed-on|tasks/copies|experts|people|book|monitor/interventions|cases/\d{1,18}/inside#variables)"
)
"""Lists of people, cases and acts, in which names are looked for."""


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


def query_of(asked: Mapping[str, object]) -> str:
    """Return the query of an address, without the number of a person that is looked for."""
    hidden = _NUMBER_OF_PERSON.search(str(asked.get(WORDS) or ""))
    return urlencode({**asked, WORDS: _IN_SESSION} if hidden else asked)


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
        words = _kept_words()
    elif sent is None:
        return
    others = [(name, value) for name, value in request.args.items(multi=True) if name != WORDS]
    request.args = ImmutableMultiDict([*others, (WORDS, words)])


def _kept_words() -> str:
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
