"""Words that somebody looks for: they come in the body or a header, and stand in addresses under a seal alone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import unquote, urlencode

from flask import request
from werkzeug.datastructures import ImmutableMultiDict

from service.casework.desk.sought_words import SoughtWords
from service.domain.errors import Invalid, NotFound
from service.domain.text import Text
from service.web.frame.requests.current import the_actor, the_desk

WORDS = "q"
"""The name under which every list takes the words that it is searched for."""

HEADER = "Laurel-Words"
"""In which programs send them, in UTF-8 with %-escapes; what the address says under `WORDS` gives way to it."""

_MARK = "~"
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
    query = query_of({name: value for name, value in typed.items() if value})
    return f"{path}{'?' if query else ''}{query}{'#' if part else ''}{part}"


def query_of(asked: Mapping[str, object]) -> str:
    """Return the query of an address, in which the words that are looked for stand sealed for the reader."""
    words = str(asked.get(WORDS) or "")
    if not words:
        return urlencode(asked)
    return urlencode({**asked, WORDS: _MARK + _words().sealed(words)})


def open_words() -> None:
    """Let the request read the words that its header names or its address holds sealed; raises Invalid for another's seal."""
    sent = request.headers.get(HEADER)
    said = unquote(sent) if sent is not None else request.args.get(WORDS, "")
    if sent is None and not said.startswith(_MARK):
        return
    words = said if sent is not None else _words().opened(said[len(_MARK) :])
    if words is None:
        raise Invalid(
            Text(
                "这个地址中的查找内容打不开：它是为另一个账号生成的，或者已经失效。请重新输入要查找的内容。",
                "The words in this address cannot be opened: they were sealed for another account, or hold no longer. Type them again.",
            )
        )
    others = [(name, value) for name, value in request.args.items(multi=True) if name != WORDS]
    request.args = ImmutableMultiDict([*others, (WORDS, words)])


def _words() -> SoughtWords:
    return SoughtWords(the_desk(), the_actor().person_id)
