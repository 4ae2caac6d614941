"""Settings written in a file, for commands that systemd does not start: the file that ``LAUREL_SETTINGS`` names."""

from __future__ import annotations

import os
from pathlib import Path

from dotenv import load_dotenv

from service.domain.text import Text
from service.settings.reading import BadSetting


def read_environment_file() -> None:
    """Put what the file says into the environment of this process; what is set there already stays.

    A value means what it means in an ``EnvironmentFile`` of systemd: a shell would end it at the first ``&``.

    Raises:
        BadSetting: if the file cannot be read.
    """
    named = os.environ.get("LAUREL_SETTINGS")
    if not named:
        return
    try:
        with Path(named).open(encoding="utf-8") as lines:
            load_dotenv(stream=lines, interpolate=False)
    except (OSError, UnicodeDecodeError) as error:
        raise BadSetting(
            Text(
                f"LAUREL_SETTINGS 指明的设置文件 {named} 读不出（{error}）。请核对路径和权限。",
                f"The file of settings {named} that LAUREL_SETTINGS names cannot be read ({error}).",
            )
        ) from None
