"""Active content of Office files (ECMA-376): macros, what is fetched from elsewhere, objects and starts of other programs.

Charts keep their numbers as a workbook inside the file: such a workbook is looked into as well, and is no offence.
"""

from __future__ import annotations

import io
import lzma
import re
import zipfile
import zlib
from typing import IO
from urllib.parse import unquote

from lxml import etree

from service.domain.files.active_content import Active

_MOST_READ = 16 * 1024 * 1024
"""Bytes of relationships, and of each file inside, that are read."""
_MOST_DEEP = 3
_MOST_WRITTEN = 256 * 1024 * 1024
"""Bytes of texts and sheets in which starts of other programs are looked for."""
_HEAD = 64
_SAYING = ("fldChar", "instrText", "fldSimple", "ddeLink", "f", "formula", "formula1", "formula2", "definedName")
"""Elements of texts that hold the code of a field, and of workbooks that hold a formula or a link."""
_FIELD_STARTS = re.compile(r"\{\s*(?:DDE(?:AUTO)?\b|QUOTE(?:\s+\d+){3})", re.IGNORECASE)
"""Fields by which another program is asked (ECMA-376, 17.16.5); one that spells words out by the numbers of their letters hides them."""
_QUOTED = re.compile(r'"[^"]*"|\'(?:[^\']|\'\')*\'(?=!)')
_PARTS = (
    (re.compile(r"vbaproject|vbadata|/macrosheets/"), Active.MACROS),
    (re.compile(r"/activex/"), Active.CONTROL),
    (re.compile(r"\.(bin|exe|dll|com|bat|cmd|js|vbs|ps1|hta|scr|lnk|msi|jar|ole)$"), Active.OBJECT),
)
_HARMLESS_BINARY = re.compile(r"/(printersettings/|customproperty|calcchain)")
_KINDS = {
    "vbaproject": Active.MACROS,
    "wordvbadata": Active.MACROS,
    "xlmacrosheet": Active.MACROS,
    "xlintlmacrosheet": Active.MACROS,
    "oleobject": Active.OBJECT,
    "control": Active.CONTROL,
    "activexcontrolbinary": Active.CONTROL,
    "afchunk": Active.EMBEDDED,
}
_ON_THIS_COMPUTER = re.compile(r"(file:/{0,3})?[a-z]:/", re.IGNORECASE)
_PACKAGES = (".docx", ".xlsx", ".pptx")


def active_in_office(content: bytes, depth: int = 0) -> Active | None:
    """Return the first active content of an Office file, None for none, and for what is no readable zip file."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if "[Content_Types].xml" not in archive.namelist():
                return None
            return (
                _by_name(archive)
                or _by_relation(archive)
                or _find_started_program(archive)
                or _find_inside(archive, depth)
            )
    except (zipfile.BadZipFile, ValueError, RuntimeError, OSError):
        return None
    except (etree.XMLSyntaxError, zlib.error, lzma.LZMAError, EOFError):
        return Active.UNREADABLE


def _by_name(archive: zipfile.ZipFile) -> Active | None:
    for name in (f"/{name.lower()}" for name in archive.namelist()):
        for pattern, active in _PARTS:
            if pattern.search(name) and not _HARMLESS_BINARY.search(name):
                return active
        if "/embeddings/" in name and not name.endswith((*_PACKAGES, "/")):
            return Active.EMBEDDED
    return None


def _by_relation(archive: zipfile.ZipFile) -> Active | None:
    read = 0
    for entry in archive.infolist():
        if not entry.filename.lower().endswith(".rels"):
            continue
        read += entry.file_size
        if read > _MOST_READ:
            return Active.UNREADABLE
        active = _of_relations(archive.read(entry))
        if active is not None:
            return active
    return None


def _of_relations(xml: bytes) -> Active | None:
    if not xml.strip():
        return None
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    for relation in etree.fromstring(xml, parser).iter("{*}Relationship"):
        kind = relation.get("Type", "").rpartition("/")[2].lower()
        if kind in _KINDS:
            return _KINDS[kind]
        if relation.get("TargetMode", "").lower() != "external" or kind == "hyperlink":
            continue
        if _leads_away(relation.get("Target", "")):
            return Active.TEMPLATE if kind == "attachedtemplate" else Active.LINKED
    return None


def _leads_away(target: str) -> bool:
    """Return whether another computer is asked; a template on the writer's own disk is nobody's way in."""
    plain = unquote(target).strip().replace("\\", "/")
    return not _ON_THIS_COMPUTER.match(plain) and (":" in plain or plain.startswith("//"))


def _find_started_program(archive: zipfile.ZipFile) -> Active | None:
    """Return whether a field or a formula asks another program (Dynamic Data Exchange), under whatever name its part stands."""
    remaining = _MOST_WRITTEN
    for entry in archive.infolist():
        if entry.filename.lower().endswith((*_PACKAGES, ".rels")):
            continue
        with archive.open(entry) as part:
            if not _is_xml(part.read(_HEAD)):
                continue
        remaining -= entry.file_size
        if remaining < 0:
            return Active.UNREADABLE
        with archive.open(entry) as part:
            if _asks_a_program(part):
                return Active.LAUNCH
    return None


def _is_xml(head: bytes) -> bool:
    return head.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").startswith(b"<")


def _asks_a_program(part: IO[bytes]) -> bool:
    instruction = ""
    tags = [f"{{*}}{name}" for name in _SAYING]
    options = {"resolve_entities": False, "no_network": True, "load_dtd": False, "recover": True}
    for _, element in etree.iterparse(part, tag=tags, **options):
        name, text = etree.QName(element).localname, element.text or ""
        if name == "ddeLink":
            return True
        if name == "instrText":  # the code of a field may be written in pieces
            instruction += text
        elif name == "fldSimple":
            instruction += f"{{{_get_attribute(element, 'instr')}}}"
        elif name == "fldChar":
            instruction += "{" if _get_attribute(element, "fldCharType") == "begin" else "}"
        elif "|" in _QUOTED.sub("", text):  # program|topic!item: nothing else in a formula has this sign
            return True
        element.clear()
    return _FIELD_STARTS.search(instruction) is not None


def _get_attribute(element: etree._Element, name: str) -> str:
    """Return the value of an attribute, of whatever namespace."""
    return next((str(value) for key, value in element.attrib.items() if etree.QName(key).localname == name), "")


def _find_inside(archive: zipfile.ZipFile, depth: int) -> Active | None:
    for entry in archive.infolist():
        if not entry.filename.lower().endswith(_PACKAGES):
            continue
        if entry.file_size > _MOST_READ or depth >= _MOST_DEEP:
            return Active.UNREADABLE
        active = active_in_office(archive.read(entry), depth + 1)
        if active is not None:
            return active
    return None
