"""Passages of a law on a form: shown to be confirmed, and read back as the pieces that become clauses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flask import request
from werkzeug.datastructures import MultiDict

from service.catalog.law_text.pieces import LawPiece
from service.catalog.law_text.split import LawLevel, LawUnit, doubts_of
from service.domain.errors import Invalid
from service.domain.text import Text
from service.domain.values.typed_numbers import whole_numbers
from service.office.protocol import REMARK_WORDS
from service.web.frame.page.frame import flash
from service.web.frame.requests.current import say, the_desk

_MOST_TEXT = 400_000
_AROUND, _MOST_DOUBTS = 8, 12
_MOST_STRUCK, _MOST_STRUCK_TEXT = 8, 40
"""So many struck passages are quoted, each with so many signs."""


def text_sent() -> str:
    """Return the text of the uploaded file, or what was pasted; raises Invalid for what has none."""
    file = request.files.get("file")
    if file is not None and file.filename:
        prose = the_desk().sandbox.prose(file.filename, file.stream.read())
        for remark in prose.remarks:
            flash(say(REMARK_WORDS[remark]), "warning")
        if prose.struck:
            flash("“" + "”“".join(text[:_MOST_STRUCK_TEXT] for text in prose.struck[:_MOST_STRUCK]) + "”", "warning")
        return prose.text
    text = request.form.get("text", "")
    if len(text) > _MOST_TEXT:
        raise Invalid(
            Text(
                f"正文超过{_MOST_TEXT // 10000}万字，请分几次粘贴。", f"The text has more than {_MOST_TEXT} characters."
            )
        )
    return text


def rows_of_text(units: Sequence[LawUnit]) -> list[dict[str, object]]:
    """Return a row for each passage; titles and headings are not ticked, and what looks wrong is told."""
    for doubt in doubts_of(units)[:_MOST_DOUBTS]:
        flash(say(doubt), "warning")
    return [
        {
            "place": unit.place if unit.again == 1 else f"{unit.place}（{unit.again}）",
            "numbers": " ".join(map(str, unit.numbers)),
            "text": unit.text,
            "keep": bool(unit.text) and unit.level not in (LawLevel.PREAMBLE, LawLevel.HEADING),
            "seams": [
                f"{unit.text[max(0, seam - _AROUND) : seam]}｜{unit.text[seam : seam + _AROUND]}" for seam in unit.seams
            ],
        }
        for unit in units
    ]


def rows_sent(form: MultiDict[str, str]) -> Iterator[dict[str, object]]:
    """Yield the passages as the form sends them back."""
    for number in form.getlist("row"):
        yield {
            "place": form.get(f"place-{number}", ""),
            "numbers": form.get(f"numbers-{number}", "0"),
            "text": form.get(f"text-{number}", ""),
            "keep": f"keep-{number}" in form,
            "seams": [],
        }


def pieces_of(rows: Sequence[dict[str, object]]) -> Iterator[LawPiece]:
    """Yield a piece for every line of every passage that is ticked."""
    for row in rows:
        lines = [line.strip() for line in str(row["text"]).splitlines() if line.strip()]
        numbers = tuple(whole_numbers(str(row["numbers"]).split())) or (0,)
        for line in lines if row["keep"] else ():
            yield LawPiece(str(row["place"]).strip(), numbers, line)
