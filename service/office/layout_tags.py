"""Word files as layouts: the members that hold tags, with what Word put into the middle of a tag taken out."""

from __future__ import annotations

import io
import re
import zipfile

from service.domain.errors import Invalid
from service.domain.files.uploads import FileKind, container_kind
from service.domain.text import Text
from service.office.active_office import active_in_office

_MARKUP = re.compile(r"<[^>]*>")
_NO_TAG = re.compile(r"[｛｝]{2}|｛%|%｝|(?<!\{)\{\s*[A-Za-z_][\w.]*\s*\}(?!\})")
"""What is meant as a tag and would be printed as it stands."""
_HOLDS_TAGS = re.compile(
    r"docProps/core\.xml|word/((document|header|footer|footnotes|endnotes)[^/]*|(diagrams|charts)/[^/]+)\.xml"
)


def tagged_members(layout: bytes) -> dict[str, str]:
    """Return the members of a Word file that hold tags, by name, as Jinja reads them.

    Raises:
        Invalid: it is no Word file, unpacks to too much, is encrypted or holds macros, or no tag or what only looks like one.
    """
    from docxtpl import DocxTemplate  # slow to import; the program's own layouts have the answer beside them

    if container_kind(layout) is not FileKind.DOCX:
        raise Invalid(
            Text(
                "它不是 Word 文件，或者解压后过大、加密、含有宏",
                "it is no Word file, too large, encrypted or has macros",
            )
        )
    active = active_in_office(layout)
    if active is not None:
        raise Invalid(active.words)
    try:
        patch = DocxTemplate(io.BytesIO(layout)).patch_xml
        with zipfile.ZipFile(io.BytesIO(layout)) as archive:
            texts = {name: archive.read(name).decode() for name in archive.namelist() if _HOLDS_TAGS.fullmatch(name)}
    except (zipfile.BadZipFile, KeyError, ValueError) as mistake:
        raise Invalid(Text(str(mistake), str(mistake))) from mistake
    words = {name: _MARKUP.sub("", text) for name, text in texts.items()}
    slip = next((slip[0] for text in words.values() if (slip := _NO_TAG.search(text))), "")
    if slip:
        raise Invalid(Text(f"“{slip}”不是标记，标记写成 {{{{ title }}}}", f"“{slip}” is no tag: write {{{{ title }}}}"))
    tagged = {name: patch(texts[name]) for name, text in words.items() if "{{" in text or "{%" in text}
    if not tagged:
        raise Invalid(
            Text("里面没有标记，文书的内容放不进去", "it has no tag, so nothing of the document would stand in it")
        )
    return tagged
