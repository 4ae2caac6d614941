"""Unified social credit codes (GB 32100-2015): eighteen signs, the last of which checks the others."""

from __future__ import annotations

import re

from stdnum.cn import uscc

_CODE = re.compile(r"[0-9A-HJ-NPQRTUWXY]{18}")


def valid_credit_code(code: str) -> bool:
    """Return whether ``code`` is a unified social credit code with the right check character.

    The library's own check refuses the letters among the first two signs, with which rural collectives' codes begin.
    """
    return _CODE.fullmatch(code) is not None and uscc.calc_check_digit(code[:-1]) == code[-1]
