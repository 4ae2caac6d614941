"""Identity numbers of people and credit codes of organisations."""

from __future__ import annotations

import re
from datetime import date

from stdnum import numdb
from stdnum.cn import ric, uscc
from stdnum.exceptions import ValidationError

_NUMBER = re.compile(r"[1-9][0-9]{16}[0-9X]")


def valid_identity_number(number: str, on: date) -> bool:
    """Return whether ``number`` is well formed, its check sign right, and its holder born since 1900 and by day ``on``.

    Numbers of residence permits (of foreigners; of people from Hong Kong, Macao and Taiwan) follow the same rule; the
    library's own check refuses them, for they begin with no county.
    """
    if not _NUMBER.fullmatch(number) or ric.calc_check_digit(number) != number[-1]:
        return False
    try:
        return date(1900, 1, 1) <= ric.get_birth_date(number) <= on
    except ValidationError:
        return False


def names_person(code: str) -> bool:
    """Return whether ``code`` is an identity number that begins with a county, past or present, or as a residence permit does.

    No organisation's code looks like that but for the rarest chance, while of identity numbers one in 31 has the check
    sign of a credit code too.
    """
    if not valid_identity_number(code, date.max):
        return False
    return code[2:6] == "0000" or any("county" in place for _, place in numdb.get("cn/loc").info(code[:6]))


_CODE = re.compile(r"[0-9A-HJ-NPQRTUWXY]{18}")


def valid_credit_code(code: str) -> bool:
    """Return whether ``code`` is a unified social credit code with the right check character, and no identity number.

    The library's own check refuses the letters among the first two signs, with which rural collectives' codes begin.
    """
    if not _CODE.fullmatch(code) or uscc.calc_check_digit(code[:-1]) != code[-1]:
        return False
    return not names_person(code)
