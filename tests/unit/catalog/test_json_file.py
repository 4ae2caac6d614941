"""JSON is written as Python's own module writes it, whichever of two writers does."""

from __future__ import annotations

import json
import struct
from random import Random

import pytest

from service.catalog.source.json import as_json_file

STRINGS = ["".join(map(chr, range(0x180))), "\u2028\u2029\ufeff\x7f", "1e5 10.00001", "桂冠 😀"]
NESTED = {"a": [], "b": {}, "c": [[], {"d": None}], "e": (True, False), "": {"f": "[1, 2]"}}
NUMBERS = [0, -1, 2**53, 2**63, -(2**70), 10**400, 0.0, -0.0, 0.1, 1e16, 1e-5, 0.00009, 123456789.125, 5e-324, 1e308]


@pytest.mark.parametrize("value", [*STRINGS, NESTED, *NUMBERS, NUMBERS])
def test_writes_as_the_standard_module_does(value: object) -> None:
    assert as_json_file({"value": [value]}) == _standard({"value": [value]})


def test_writes_any_finite_number_as_the_standard_module_does() -> None:
    random = Random(11)
    drawn = [*(struct.unpack("d", random.randbytes(8))[0] for _ in range(3000)),
             *(random.random() * 10 ** random.randint(-9, 20) for _ in range(3000))]  # fmt: skip
    for number in drawn:
        if number - number == 0:
            assert as_json_file([number]) == _standard([number])


def _standard(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode()
