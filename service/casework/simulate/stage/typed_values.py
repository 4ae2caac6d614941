"""Form values of a scenario: files and tables are really uploaded, people found by their nicknames."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any
from uuid import uuid4

from service.casework.access.actor import Actor
from service.casework.simulate.stage.experts import person_called
from service.casework.simulate.stage.stage import PlayState
from service.domain.calendar import add_working_days, local_date
from service.domain.files.uploads import FileKind
from service.domain.spreadsheets.lists import Column
from service.domain.text import Text
from service.store.models import UploadRow

_PAGES = (
    ("演练附件", "本文件供演练和试用，内容仅供演示。", "Sample attachment for rehearsals", "1 / 2"),
    ("演练正文", "组织推行质量管理的做法、成效和证明材料，正式申报时由申报组织提供。", "Sample text", "2 / 2"),
)
_FONT = (
    b"<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H/DescendantFonts[<</Type/Font/Subtype/CIDFontType0"
    b"/BaseFont/STSong-Light/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 2>>/DW 1000/W[1[270]2 95 500]"
    b"/FontDescriptor<</Type/FontDescriptor/FontName/STSong-Light/Flags 6/FontBBox[-25 -254 1000 880]/ItalicAngle 0"
    b"/Ascent 880/Descent -120/CapHeight 880/StemV 93>>>>]>>"
)

_WIDE, _HIGH = 320, 240


def sample_pdf() -> bytes:
    """Return the PDF (ISO 32000-1), the same bytes every time; its font is one that readers bring themselves."""
    pages = range(len(_PAGES))
    kids = " ".join(f"{4 + 2 * n} 0 R" for n in pages)
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Kids[{kids}]/Count {len(_PAGES)}>>".encode(),
        _FONT,
    ]
    for n in pages:
        drawn = _draw_lines(_PAGES[n])
        head = (
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F 3 0 R>>>>/Contents {5 + 2 * n} 0 R>>"
        )
        objects += [head.encode(), b"<</Length %d>>stream\n%s\nendstream" % (len(drawn), drawn)]
    return _build_file(objects)


@cache
def sample_picture() -> bytes:
    """Return a PNG (ISO/IEC 15948) of 320 × 240 points, the same picture every time: a wall with a notice on its board."""
    rows = b"".join(b"\0" + bytes(_get_tone(x, y) for x in range(_WIDE)) for y in range(_HIGH))
    header = struct.pack(">IIBBBBB", _WIDE, _HIGH, 8, 0, 0, 0, 0)  # 8 bits of grey, not interlaced
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in chunks
    )


def _get_tone(x: int, y: int) -> int:
    """Return the grey of a point, 0 to 255: lines of writing on a sheet, the board around it, the wall."""
    if 90 <= x < 230 and 40 <= y < 200:
        writing = 104 <= x < (190 if y >= 170 else 216) and 56 <= y < 186 and y % 12 < 4
        return 70 if writing else 250
    if 60 <= x < 260 and 20 <= y < 220:
        return 120
    return 190 + (y * 30) // _HIGH


def _draw_lines(lines: Sequence[str]) -> bytes:
    """Return the first line as a heading, the others below it."""
    drawings = (
        f"BT /F {22 if n == 0 else 13} Tf 72 {740 - 34 * n} Td <{line.encode('utf-16-be').hex()}> Tj ET"
        for n, line in enumerate(lines)
    )
    return "\n".join(drawings).encode()


def _build_file(objects: Sequence[bytes]) -> bytes:
    whole, places = b"%PDF-1.4\n", list[int]()
    for number, content in enumerate(objects, 1):
        places.append(len(whole))
        whole += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size, begin = len(objects) + 1, len(whole)
    head = b"xref\n0 %d\n0000000000 65535 f \n%s" % (size, table)
    return whole + head + b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (size, begin)


PDF = sample_pdf()
FILE = "file:"
DAY, YEAR = "day:", "year:"


def as_typed(stage: PlayState, actor: Actor, value: Any, place: str = "") -> Any:
    """Return form values with every ``file:name.pdf`` (or .png) really uploaded and every ``{expert: NAME}`` the person called so.

    ``{table: name.xlsx, rows: [[heading, …], […]]}`` is a table really uploaded, with these cells. ``place`` is the path
    of the field that holds ``value``. ``day:3`` is the third working day from now, ``day:3 09:00`` a time on it,
    ``year:-1`` last year.
    """
    if isinstance(value, str) and value.startswith(DAY):
        return _day_from_now(stage, value.removeprefix(DAY))
    if isinstance(value, str) and value.startswith(YEAR):
        return local_date(stage.clock.now()).year + int(value.removeprefix(YEAR))
    if isinstance(value, str) and value.startswith(FILE):
        return [_upload_sample(stage, actor, place, value)]
    if isinstance(value, Mapping) and set(value) == {"table", "rows"}:
        return [_upload_content(stage, actor, place, str(value["table"]), _build_table(value["rows"]), FileKind.XLSX)]
    if isinstance(value, Mapping):
        if list(value) == ["expert"]:
            return person_called(stage, value["expert"])
        return {k: as_typed(stage, actor, v, _join_place(place, k)) for k, v in value.items()}
    if isinstance(value, list):
        if value and all(isinstance(v, str) and v.startswith(FILE) for v in value):
            return [_upload_sample(stage, actor, place, v) for v in value]
        return [as_typed(stage, actor, v, _join_place(place, n)) for n, v in enumerate(value)]
    return value.isoformat() if isinstance(value, date) else value


def _day_from_now(stage: PlayState, written: str) -> str:
    days, _, hour = written.partition(" ")
    calendar = stage.desk.calendar(stage.package.jurisdiction.calendar)
    day = add_working_days(calendar, local_date(stage.clock.now()), int(days))
    return f"{day}T{hour}+08:00" if hour else day.isoformat()


def _join_place(place: str, key: object) -> str:
    return f"{place}.{key}" if place else str(key)


def _build_table(rows: Sequence[Sequence[object]]) -> bytes:
    from service.office.workbooks import write_xlsx  # slow to load; most scenarios send no table

    columns = [Column(str(n), Text(str(heading), str(heading))) for n, heading in enumerate(rows[0])]
    return write_xlsx("table", columns, rows[1:])


def _upload_sample(stage: PlayState, actor: Actor, place: str, file_name: str) -> dict[str, Any]:
    """Upload the sample that fits the name in ``file:NAME``: the picture for .png, else the PDF."""
    name = file_name.removeprefix(FILE).strip()
    if name.lower().endswith(FileKind.PNG.extensions):
        return _upload_content(stage, actor, place, name, sample_picture(), FileKind.PNG)
    return _upload_content(stage, actor, place, name, PDF, FileKind.PDF)


def _upload_content(
    stage: PlayState, actor: Actor, place: str, name: str, content: bytes, kind: FileKind
) -> dict[str, Any]:
    sha256, size = stage.desk.store.files.put(content)
    ident = str(uuid4())
    with stage.desk.store.write() as tx:
        tx.uploads.add(UploadRow(
            id=ident, field=place[-200:], name=name, kind=kind.value, size=size,
            sha256=sha256, person_id=actor.person_id, at=stage.desk.clock.now(),
        ))  # fmt: skip
    return {"id": ident, "name": name, "size": size}
