"""The urn: one block of fixed size that is unreadable without its key, rewritten as a whole at every cast.

Layout before encryption: one row per question behind one row for the papers themselves, each row as
long as the number of papers issued; a cell is one byte, 0 where nothing lies yet (a dummy). At every cast each row is
mixed on its own and the whole is encrypted again under a key that was never used before (AES-256-GCM,
NIST SP 800-38D, or SM4-GCM by setting, which the urn names; one is opened by the cipher that it names). Order, place and size therefore say nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random

from service.domain.ballots.agenda import Question
from service.domain.ballots.papers import Mark, Papers
from service.domain.errors import Conflict
from service.domain.proof.algorithms import AES, CipherKey
from service.domain.text import Text

KEY_BYTES = 32
_NONCE = 12
_EMPTY, _VALID, _SPOILED = 0, 1, 2
_CODES = {Mark.YES: 1, Mark.NO: 2, Mark.ABSTAIN: 3}
_MARKS = {code: mark for mark, code in _CODES.items()}


class UrnDamaged(Conflict):
    """The urn cannot be opened: its key is not the right one, or its content was changed or put back from a backup."""

    code = "urn_damaged"
    sentence = Text(
        "票箱无法打开：密钥不符，或票箱内容被改动、被旧备份覆盖。表决已停止，请立即报告监督机构。",
        "The box cannot be opened: wrong key, or its content was changed or restored from a backup. Report it.",
    )


@dataclass(frozen=True, slots=True)
class UrnShape:
    """What an urn is made for: its ballot's ``name``, the questions of a paper and the papers issued.

    ``bound`` is a digest of roll, marks and question: the urn opens beside these alone.
    """

    name: str
    questions: tuple[Question, ...]
    issued: int
    bound: str = ""


@dataclass(frozen=True, slots=True)
class Handful:
    """Papers put in at once: how many valid and spoiled ones, and their slips."""

    valid: int
    spoiled: int
    slips: Mapping[Question, Sequence[Mark]]


def empty_urn(shape: UrnShape, key: bytes, random: Random, cipher: str = AES) -> bytes:
    """Return an urn with nothing but dummies, sealed by ``cipher``."""
    return _encrypt_content(bytes(_compute_size(shape)), shape, key, random, cipher)


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
    rows = _split_rows(_decrypt_content(blob, shape, old_key), shape)
    _fill_row(rows[0], [_VALID] * handful.valid + [_SPOILED] * handful.spoiled)
    for row, question in zip(rows[1:], shape.questions, strict=True):
        _fill_row(row, [_CODES[mark] for mark in handful.slips.get(question, ())])
    for row in rows:
        random.shuffle(row)
    return _encrypt_content(
        bytes(cell for row in rows for cell in row), replace(shape, bound=bound), new_key, random, cipher
    )


def papers_in(blob: bytes, shape: UrnShape, key: bytes) -> int:
    """Return how many papers are in the urn; raises UrnDamaged."""
    return sum(cell != _EMPTY for cell in _split_rows(_decrypt_content(blob, shape, key), shape)[0])


def empty_out(blob: bytes, shape: UrnShape, key: bytes) -> Papers:
    """Return everything in the urn, for the count; raises UrnDamaged."""
    rows = _split_rows(_decrypt_content(blob, shape, key), shape)
    slips = {
        question: tuple(_decode_mark(cell) for cell in row if cell != _EMPTY)
        for row, question in zip(rows[1:], shape.questions, strict=True)
    }
    return Papers(rows[0].count(_VALID), rows[0].count(_SPOILED), slips)


def _decode_mark(code: int) -> Mark:
    try:
        return _MARKS[code]
    except KeyError:
        raise UrnDamaged from None


def _fill_row(row: bytearray, codes: Sequence[int]) -> None:
    free = [place for place, code in enumerate(row) if code == _EMPTY]
    if len(free) < len(codes):
        raise UrnDamaged
    for place, code in zip(free, codes, strict=False):
        row[place] = code


def _split_rows(content: bytes, shape: UrnShape) -> list[bytearray]:
    return [bytearray(content[start : start + shape.issued]) for start in range(0, _compute_size(shape), shape.issued)]


def _compute_size(shape: UrnShape) -> int:
    return (1 + len(shape.questions)) * shape.issued


def _encrypt_content(content: bytes, shape: UrnShape, key: bytes, random: Random, cipher: str) -> bytes:
    return CipherKey(key).encrypt(content, _build_associated_data(shape), cipher, random.randbytes(_NONCE))


def _decrypt_content(blob: bytes, shape: UrnShape, key: bytes) -> bytes:
    content = CipherKey(key).decrypt(blob, _build_associated_data(shape))
    if content is None or len(content) != _compute_size(shape):
        raise UrnDamaged
    return content


def _build_associated_data(shape: UrnShape) -> bytes:
    """What the encryption vouches for besides the content: which ballot the urn belongs to."""
    return f"laurel urn {shape.name} {shape.issued} {' '.join(q.key for q in shape.questions)}{shape.bound}".encode()
