"""Settings written in a file, for commands that systemd does not start: the file that ``LAUREL_SETTINGS`` names."""

from __future__ import annotations

import os
from io import StringIO
from pathlib import Path

from dotenv import load_dotenv
from dotenv.parser import parse_stream

from service.domain.wording.cause_words import cause_words
from service.settings.declared import refusal


def read_environment_file() -> None:
    """Put what the file says into the environment of this process; what is set there already stays.

    A value means what it means in an ``EnvironmentFile`` of systemd: a shell would end it at the first ``&``.

    Raises:
        BadSetting: if the file or a line of it cannot be read.
    """
    named = os.environ.get("LAUREL_SETTINGS")
    if not named:
        return
    try:
        text = Path(named).read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise refusal(
            f"LAUREL_SETTINGS 指明的设置文件 {named} 读不出（{cause_words(error).zh}）。请核对路径和权限。",
            f"The file of settings {named} that LAUREL_SETTINGS names cannot be read ({error}).",
        ) from None
    broken = next((line for line in parse_stream(StringIO(text)) if line.error), None)
    if broken is not None:
        number = broken.original.line
        raise refusal(
            f"设置文件 {named} 第 {number} 行读不懂：每行写“名称=值”，值中有空格或引号的放在单引号里。",
            f"Line {number} of the settings {named} cannot be read: write NAME=value, a value with blanks in single quotes.",
        )
    load_dotenv(stream=StringIO(text), interpolate=False)
