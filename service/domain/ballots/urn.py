"""The urn: one block of fixed size that is unreadable without its key, rewritten as a whole at every cast.

Layout before encryption: one row per question behind one row for the papers themselves, each row as
long as the number of papers issued; a cell is one byte, 0 where nothing lies yet (a dummy), or a slip
sealed to its holders' key (`sealed_slips`), of whom nobody opens it alone. At every cast each row is
mixed on its own and the whole is encrypted again under a key that was never used before (AES-256-GCM,
NIST SP 800-38D, or SM4-GCM by setting, which the urn names; one is opened by the cipher that it names). Order, place and size therefore say nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random

from cryptography.exceptions import InvalidTag

from service.domain.ballots.agenda import Question
from service.domain.ballots.papers import Mark, Papers
from service.domain.ballots.sealed_slips import SLIP_BYTES, SlipDamaged, open_slip, seal_slip
from service.domain.errors import Conflict
from service.domain.proof.algorithms import AES, decrypted, encrypted
from service.domain.text import Text

KEY_BYTES = 32
_NONCE = 12
_EMPTY, _VALID, _SPOILED = 0, 1, 2
_CODES = {Mark.YES: 1, Mark.NO: 2, Mark.ABSTAIN: 3}
_MARKS = {code: mark for mark, code in _CODES.items()}


class UrnDamaged(Conflict):
    """The urn cannot be opened: its key is not the right one, or its content was changed or put back from a backup."""

    code = "urn_damaged"

    def __init__(self) -> None:
        super().__init__(
            Text(
                "票箱无法打开：密钥不符，或票箱内容被改动、被旧备份覆盖。表决已停止，请立即报告监督机构。",
                "The box cannot be opened: wrong key, or its content was changed or restored from a backup. Report it.",
            )
        )


@dataclass(frozen=True, slots=True)
class UrnShape:
    """What an urn is made for: its ballot's ``name``, the questions of a paper and the papers issued.

    ``papers_key`` (X25519, hex) is what slips are sealed to where holders open them; empty where nobody does.
    ``bound`` is a digest of roll, marks and question: the urn opens beside these alone (empty in versions of before).
    """

    name: str
    questions: tuple[Question, ...]
    issued: int
    papers_key: str = ""
    bound: str = ""

    @property
    def width(self) -> int:
        """Return how many bytes a cell has."""
        return SLIP_BYTES if self.papers_key else 1


@dataclass(frozen=True, slots=True)
class Handful:
    """Papers put in at once: how many valid and spoiled ones, and their slips, as marks or as cells already (`cells_of`)."""

    valid: int
    spoiled: int
    slips: Mapping[Question, Sequence[Mark]]
    cells: Mapping[Question, Sequence[bytes]] | None = None


def empty_urn(shape: UrnShape, key: bytes, random: Random, cipher: str = AES) -> bytes:
    """Return an urn with nothing but dummies, sealed by ``cipher``."""
    return _seal(bytes(_size(shape)), shape, key, random, cipher)


def cast_into(
    blob: bytes,
    shape: UrnShape,
    old_key: bytes,
    new_key: bytes,
    handful: Handful,
    random: Random,
    bound: str = "",
    cipher: str = AES,
) -> bytes:
    """Return the urn with ``handful`` in it: opened, filled, mixed, and sealed under ``new_key`` by ``cipher``.

    ``bound`` binds it to the marks now.

    Raises:
        UrnDamaged: if it cannot be opened or has no room.
    """
    rows = _rows(_open(blob, shape, old_key), shape)
    _fill(rows[0], [_cell(_VALID, shape)] * handful.valid + [_cell(_SPOILED, shape)] * handful.spoiled)
    cells = handful.cells if handful.cells is not None else cells_of(handful.slips, shape)
    for row, question in zip(rows[1:], shape.questions, strict=True):
        _fill(row, cells.get(question, ()))
    for row in rows:
        random.shuffle(row)
    return _seal(b"".join(cell for row in rows for cell in row), replace(shape, bound=bound), new_key, random, cipher)


def cells_of(slips: Mapping[Question, Sequence[Mark]], shape: UrnShape) -> dict[Question, list[bytes]]:
    """Return slips as cells of the urn, sealed where its holders open them."""
    return {question: [_slip(_CODES[mark], shape) for mark in marks] for question, marks in slips.items()}


def papers_in(blob: bytes, shape: UrnShape, key: bytes) -> int:
    """Return how many papers are in the urn; raises UrnDamaged."""
    empty = _cell(_EMPTY, shape)
    return sum(cell != empty for cell in _rows(_open(blob, shape, key), shape)[0])


def empty_out(blob: bytes, shape: UrnShape, key: bytes, private: bytes = b"") -> Papers:
    """Return everything in the urn, for the count; ``private`` opens slips that were sealed. Raises UrnDamaged."""
    rows, empty = _rows(_open(blob, shape, key), shape), _cell(_EMPTY, shape)
    slips = {
        question: tuple(_mark(cell, shape, private) for cell in row if cell != empty)
        for row, question in zip(rows[1:], shape.questions, strict=True)
    }
    return Papers(rows[0].count(_cell(_VALID, shape)), rows[0].count(_cell(_SPOILED, shape)), slips)


def _cell(code: int, shape: UrnShape) -> bytes:
    return bytes([code]).ljust(shape.width, b"\0")


def _slip(code: int, shape: UrnShape) -> bytes:
    return seal_slip(code, shape.papers_key, shape.name) if shape.papers_key else bytes([code])


def _mark(cell: bytes, shape: UrnShape, private: bytes) -> Mark:
    try:
        return _MARKS[open_slip(cell, private, shape.name) if shape.papers_key else cell[0]]
    except (SlipDamaged, KeyError):
        raise UrnDamaged from None


def _fill(row: list[bytes], cells: Sequence[bytes]) -> None:
    width = len(row[0]) if row else 0
    free = [place for place, cell in enumerate(row) if not any(cell)]
    if len(free) < len(cells) or any(len(cell) != width or not any(cell) for cell in cells):
        raise UrnDamaged
    for place, cell in zip(free, cells, strict=False):
        row[place] = cell


def _rows(content: bytes, shape: UrnShape) -> list[list[bytes]]:
    width, row = shape.width, shape.issued * shape.width
    return [
        [content[at : at + width] for at in range(start, start + row, width)] for start in range(0, _size(shape), row)
    ]


def _size(shape: UrnShape) -> int:
    return (1 + len(shape.questions)) * shape.issued * shape.width


def _seal(content: bytes, shape: UrnShape, key: bytes, random: Random, cipher: str) -> bytes:
    return encrypted(content, _bound(shape), key, random.randbytes(_NONCE), cipher)


def _open(blob: bytes, shape: UrnShape, key: bytes) -> bytes:
    try:
        content = decrypted(blob, _bound(shape), key)
    except (InvalidTag, ValueError):
        if shape.bound:  # sealed by a version of before: nobody without its key makes such a one
            return _open(blob, replace(shape, bound=""), key)
        raise UrnDamaged from None
    if len(content) != _size(shape):
        raise UrnDamaged
    return content


def _bound(shape: UrnShape) -> bytes:
    """What the encryption vouches for besides the content: which ballot the urn belongs to."""
    return f"laurel urn {shape.name} {shape.issued} {' '.join(q.key for q in shape.questions)}{shape.papers_key}{shape.bound}".encode()
