"""Documents as .docx, set by a Word file with tags.

docxtpl turns the layout into a template once, a package's own in the child process; a document then costs a rendering of that template and
the packing of one member (about 2 ms).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import StrictUndefined, Template, TemplateError
from jinja2.sandbox import SandboxedEnvironment

from service.domain.composed_document import Composed, composed
from service.domain.errors import Invalid, LaurelError
from service.domain.text import Text
from service.office import Sandbox
from service.office.archive import with_members, without_clock

FOLDER = Path(__file__).parent / "layouts"


class BadLayout(LaurelError):
    """A layout cannot be used; the sentence says which and why."""

    code = "bad_layout"


@dataclass(frozen=True, slots=True)
class WordLayout:
    """A layout ready for use: the members that stay, and those that are rendered."""

    kept: bytes
    templates: Mapping[str, Template]


@dataclass(frozen=True, slots=True)
class OwnLayout:
    """A package's own layout, a Word file that others made, and the child process that may open it."""

    content: bytes
    sandbox: Sandbox


def render_docx(content: Mapping[str, Any], own: OwnLayout | None = None) -> bytes:
    """Return the .docx of a composed document (see ``compose``); the same content gives the same bytes.

    Without a package's own layout the program's layout of the content's ``layout`` is taken.

    Raises:
        BadLayout: the layout is no Word file, costs too much to open, or its tags ask for what no document has.
        SandboxBusy: others' files are being opened.
    """
    ready = _prepared(own) if own is not None else _bundled(str(content.get("layout") or "official"))
    return _rendered(ready, composed(content))


def _rendered(layout: WordLayout, document: Composed) -> bytes:
    values = document.as_dict()
    try:
        added = {name: template.render(values).encode() for name, template in layout.templates.items()}
    except TemplateError as mistake:
        raise _bad(str(mistake)) from mistake
    return with_members(layout.kept, added)


@lru_cache(maxsize=8)
def _bundled(name: str) -> WordLayout:
    path = FOLDER / f"{name}.docx"
    if not path.is_file():
        raise _bad(f"没有名为“{name}”的版式")
    return _ready(path.read_bytes(), json.loads(path.with_suffix(".json").read_text("utf-8")))


_KNOWN: dict[bytes, WordLayout] = {}


def _prepared(own: OwnLayout) -> WordLayout:
    """Return a layout ready for use, made once for the same bytes."""
    key = hashlib.sha256(own.content).digest()
    if key not in _KNOWN:
        try:
            tagged = own.sandbox.layout(own.content)
        except Invalid as refusal:
            raise _bad(refusal.message.zh) from refusal
        _KNOWN[key] = _ready(own.content, tagged)
    return _KNOWN[key]


def _ready(layout: bytes, tagged: Mapping[str, str]) -> WordLayout:
    # A package's tags are no program: they run in a sandbox.
    environment = SandboxedEnvironment(autoescape=True, undefined=StrictUndefined)
    try:
        templates = {name: environment.from_string(text) for name, text in tagged.items()}
    except TemplateError as mistake:
        raise _bad(str(mistake)) from mistake
    return WordLayout(without_clock(layout, leave_out=tuple(tagged)), templates)


def _bad(why: str) -> BadLayout:
    return BadLayout(
        Text(
            f"文书版式不能使用：{why}。请用 Word 打开版式文件核对其中的标记，或改用自带的版式。",
            f"The layout of the document cannot be used: {why}. Check its tags in Word, or use a bundled layout.",
        )
    )
