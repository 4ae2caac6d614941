"""Parse untrusted XML: no entities, no network, no document types, bounded size and depth."""

from __future__ import annotations

import re
from typing import Any

from lxml import etree

from service.domain.text import Text

MAX_BYTES = 5_000_000
MAX_DEPTH = 60

MAX_ATTRIBUTES = 300
"""Attributes of one element: to list many costs their square."""

_TOO_WIDE = etree.XPath(f"(//*[@*[{MAX_ATTRIBUTES + 1}]])[1]")
_TOO_DEEP = etree.XPath(f"({'/*' * (MAX_DEPTH + 1)})[1]")
_DEEP = Text(
    f"元素嵌套超过 {MAX_DEPTH} 层。减少嵌套，或从编辑器重新导出。",
    f"Elements are nested deeper than {MAX_DEPTH}. Nest less, or export the file again from its editor.",
)
_WIDE = Text(
    f"一个元素有超过 {MAX_ATTRIBUTES} 个属性。请从编辑器重新导出。",
    f"An element has more than {MAX_ATTRIBUTES} attributes. Export the file again from its editor.",
)
_DECLARED = Text(
    "不允许文档类型和实体声明。删去 <!DOCTYPE …>，直接写出实体的内容。",
    "Document types and entities are not allowed. Delete <!DOCTYPE …> and write out what the entities stand for.",
)
_NO_TEXT = Text(
    "这不是文本，读不出 XML：可能是图片、文档或者压缩包。请在原软件中重新导出。",
    "This is no text, and no XML can be read in it: perhaps a picture, a document or an archive. Export it again.",
)


_PLACE = re.compile(r",? line \d+(, column \d+)?|\(<string>, line \d+\)| \(\)")
"""Where the parser says the mistake is; the line is told apart."""
_IN_CHINESE = tuple(
    (re.compile(pattern), words)
    for pattern, words in (
        (r"Start tag expected", "开头不是标签“<”"),
        (r"Document is empty", "文件是空的"),
        (r"tag mismatch: (\S+).*? and (\S+)", "开始标签“{0}”与结束标签“{1}”不一致"),
        (r"Premature end of data in tag (\S+)", "标签“{0}”没有结束，文件不完整"),
        (r"Couldn't find end of Start Tag (\S+)|EndTag", "标签没有写完"),
        (r"Extra content at the end", "最外层的元素之后还有内容"),
        (r"Attribute (\S+) redefined", "属性“{0}”写了两次"),
        (r"Specification mandates value for attribute (\S+)", "属性“{0}”没有取值"),
        (r"AttValue", "属性的取值没有用引号括起来"),
        (r"attributes construct error|error parsing attribute", "属性之间的写法有误"),
        (r"Unescaped '<'", "取值里的“<”应写成“&lt;”"),
        (r"Entity '(\S+)' not defined", "没有名为“{0}”的实体"),
        (r"EntityRef", "“&”应写成“&amp;”"),
        (r"Namespace prefix (\S+)", "前缀“{0}”没有声明"),
        (r"[Ii]nvalid [Cc]har|control", "含有不允许的字符"),
        (r"invalid element name", "标签的名称不能用"),
        (r"Comment", "注释没有写完"),
        (r"CDATA", "CDATA 没有写完"),
    )
)
"""What the parser says, by its words, in Chinese."""


class XmlRefused(Exception):
    """These bytes are no XML we accept; ``line`` counts from 1, and is 0 for what is said of the whole file."""

    def __init__(self, line: int, what: Text) -> None:
        self.line = line
        self.what = what
        super().__init__(f"line {line}: {what.en}")


def read_xml(content: bytes, *, remove_comments: bool = False) -> Any:
    """Return the root element of ``content``; nothing outside it is read. Raises XmlRefused with the line."""
    if len(content) > MAX_BYTES:
        raise XmlRefused(0, Text("文件超过 5 MB，请拆分。", "The file is larger than 5 MB; split it."))
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise XmlRefused(1, _DECLARED)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=remove_comments
    )
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise _build_malformed(error, content) from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise XmlRefused(1, _DECLARED)
    deep: Any = _TOO_DEEP(root)
    if deep:
        raise XmlRefused(deep[0].sourceline or 1, _DEEP)
    wide: Any = _TOO_WIDE(root)
    if wide:
        raise XmlRefused(wide[0].sourceline or 1, _WIDE)
    _join_texts(root)
    return root


def _join_texts(root: Any) -> None:
    """Put comments and instructions that stand inside a text before its element, so that whoever reads it reads all of it."""
    for remark in list(root.iter(etree.Comment, etree.PI)):
        holder = remark.getparent()
        if holder is None or holder is root or not _has_text(holder):
            continue
        before, tail = remark.getprevious(), remark.tail or ""
        if before is None:
            holder.text = (holder.text or "") + tail
        else:
            before.tail = (before.tail or "") + tail
        remark.tail = None
        holder.addprevious(remark)


def _has_text(element: Any) -> bool:
    return any(text.strip() for text in (element.text or "", *(part.tail or "" for part in element)))


_LOOKED_AT = 2000
"""So many bytes show whether a file is text."""


def _is_binary(content: bytes) -> bool:
    """Tell whether the beginning is that of a picture, a PDF, an archive or whatever holds signs that no text has."""
    if b"\x00" in content[:_LOOKED_AT] and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    return content.startswith((b"%PDF", b"PK\x03\x04", b"GIF8", b"\xff\xd8\xff")) or b"\x89PNG" in content[:4]


def _build_malformed(error: Exception, content: bytes) -> XmlRefused:
    line = getattr(error, "lineno", None) or 1
    if "Excessive depth" in str(error):
        return XmlRefused(line, _DEEP)
    what = _PLACE.sub("", str(error)).strip()
    if "character encoding" in what or "invalid UTF-8" in what.lower():
        return XmlRefused(
            line,
            Text(
                "文件的编码与开头所写的不一致。请在原软件中重新导出，选择 UTF-8 编码。",
                "The file is not written in the encoding it names. Export it again as UTF-8.",
            ),
        )
    if content.strip() and ("Document is empty" in what or _is_binary(content)):
        return XmlRefused(0, _NO_TEXT)  # the parser calls empty whatever does not begin with a letter or sign
    problem = next(
        (words.format(*match.groups()) for pattern, words in _IN_CHINESE if (match := pattern.search(what))), ""
    )
    zh = f"XML 语法有误：{problem}。" if problem else "XML 语法有误，请从原软件重新导出。"
    return XmlRefused(line, Text(zh, f"The XML is malformed ({what})."))
