"""Secrets stand in files or credentials; one that others may see is told by the doctor."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from service.casework.health.dengbao import State, view_dengbao
from service.jobs.put_together import premises_of
from service.settings import BadSetting, ExposedSecret, read_settings
from service.store import Store
from tests.support.desks import make_bench

URL = "postgresql+psycopg://laurel:a%26b@127.0.0.1/laurel"
MAIL = {"LAUREL_SMTP_HOST": "127.0.0.1", "LAUREL_SMTP_SENDER": "a@b.cn", "LAUREL_SMTP_USER": "award"}


def kept(folder: Path, name: str, value: str, mode: int = 0o600) -> Path:
    file = folder / name
    file.write_text(f"{value}\n", "utf-8")
    file.chmod(mode)
    return file


def test_a_secret_is_read_from_the_file_that_its_setting_names(tmp_path: Path) -> None:
    file = kept(tmp_path, "password", "p4ss wörd")
    settings = read_settings({**MAIL, "LAUREL_SMTP_PASSWORD_FILE": str(file)})
    assert settings.smtp is not None
    assert settings.smtp.password == "p4ss wörd"
    assert settings.exposed_secrets == ()


def test_a_secret_is_read_from_what_systemd_hands_over(tmp_path: Path) -> None:
    kept(tmp_path, "LAUREL_DATABASE", URL, 0o400)
    settings = read_settings({"CREDENTIALS_DIRECTORY": str(tmp_path)})
    assert settings.database == URL
    assert settings.exposed_secrets == ()


@pytest.mark.parametrize(
    ("content", "said"), [(None, "读不出"), ("", "只有一行"), ("one\ntwo", "只有一行"), ("x" * 5000, "只有一行")]
)
def test_a_file_that_holds_no_secret_is_refused_by_its_name(tmp_path: Path, content: str | None, said: str) -> None:
    file = tmp_path / "password" if content is None else kept(tmp_path, "password", content)
    with pytest.raises(BadSetting, match="LAUREL_SMTP_PASSWORD") as refusal:
        read_settings({**MAIL, "LAUREL_SMTP_PASSWORD_FILE": str(file)})
    assert said in refusal.value.message.zh
    assert str(file) in refusal.value.message.en


def test_what_others_may_see_is_known(tmp_path: Path) -> None:
    file = kept(tmp_path, "token", "a token that nobody guesses", 0o644)
    settings = read_settings(
        {**MAIL, "LAUREL_SMTP_PASSWORD": "x", "LAUREL_DATABASE": URL, "LAUREL_METRICS_TOKEN_FILE": str(file)}
    )
    assert settings.exposed_secrets == (
        ExposedSecret("LAUREL_DATABASE"),
        ExposedSecret("LAUREL_SMTP_PASSWORD"),
        ExposedSecret("LAUREL_METRICS_TOKEN", file),
    )
    assert read_settings({"LAUREL_DATABASE": "postgresql+psycopg://laurel@/laurel"}).exposed_secrets == ()


def test_the_page_of_settings_names_them_and_says_what_to_do(sqlite_store: Store, tmp_path: Path) -> None:
    bench = make_bench(sqlite_store)
    file = kept(tmp_path, "token", "a token that nobody guesses", 0o644)
    settings = read_settings(
        {**MAIL, "LAUREL_DATA": str(tmp_path), "LAUREL_SMTP_PASSWORD": "x", "LAUREL_METRICS_TOKEN_FILE": str(file)}
    )
    desk = replace(bench.desk, premises=premises_of(settings))
    [secrets] = [one for one in view_dengbao(desk, bench.admin, settings) if one.name == "secrets"]
    assert (secrets.state, "chmod" in secrets.remedy.zh) == (State.OFF, True)
    assert "LAUREL_SMTP_PASSWORD" in secrets.now.zh
    assert str(file) in secrets.now.zh
    [secrets] = [one for one in view_dengbao(bench.desk, bench.admin, settings) if one.name == "secrets"]
    assert secrets.state is State.ON
