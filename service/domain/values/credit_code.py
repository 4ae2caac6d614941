"""Unified social credit codes (GB 32100-2015): eighteen signs, the last of which checks the others."""

from __future__ import annotations

import re

from stdnum.cn import uscc

from service.domain.values.identity_number import names_person

_CODE = re.compile(r"[0-9A-HJ-NPQRTUWXY]{18}")


def valid_credit_code(code: str) -> bool:
    """Return whether ``code`` is a unified social credit code with the right check character, and no identity number.

    The library's own check refuses the letters among the first two signs, with which rural collectives' codes begin.
    """
    if not _CODE.fullmatch(code) or uscc.calc_check_digit(code[:-1]) != code[-1]:
        return False
    return not names_person(code)
