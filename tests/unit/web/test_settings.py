"""Settings come from the environment; what cannot be used is refused with a sentence."""

import re
from pathlib import Path

import pytest

from deploy.settings_example import FILE, example
from service.settings import NAMES, BadSetting, read_settings

ROOT = Path(__file__).parents[3]


def test_every_setting_is_read() -> None:
    settings = read_settings(
        {
            "LAUREL_DATABASE": "postgresql+psycopg://laurel@db/laurel", "LAUREL_DATA": "/srv/laurel", "LAUREL_HOST": "0.0.0.0",
            "LAUREL_PORT": "9000", "LAUREL_HTTPS": "yes", "LAUREL_SMTP_HOST": "mail", "LAUREL_SMTP_SENDER": "a@b.cn",
            "LAUREL_PLAIN_LINES": "database,mail",
            "LAUREL_UPLOAD_MEGABYTES": "7", "LAUREL_PUBLIC_URL": "https://award.example.cn/",
        }
    )  # fmt: skip
    assert settings.smtp is not None
    assert (settings.port, settings.https, settings.smtp.port, settings.upload_bytes) == (
        9000,
        True,
        25,
        7 * 1024 * 1024,
    )
    assert settings.public_url == "https://award.example.cn"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LAUREL_PORT", "eighty"), ("LAUREL_PORT", "70000"), ("LAUREL_DATABASE", "mysql://x"), ("LAUREL_HTTPS", "maybe"),
        ("LAUREL_THREADS", "0"), ("LAUREL_SMTP_HOST", "mail"), ("LAUREL_SMTP_PORT", "25x"), ("LAUREL_TRUSTED_PROXY", "proxy.example.cn"),
    ],
)  # fmt: skip
def test_a_value_that_cannot_be_used_is_named(name: str, value: str) -> None:
    with pytest.raises(BadSetting) as refusal:
        read_settings({name: value})
    assert name in refusal.value.message.zh or "LAUREL_SMTP_SENDER" in refusal.value.message.zh


@pytest.mark.parametrize("url", ["sqlite:laurel.db", "postgresql:laurel", "mysql://there/laurel"])
def test_an_address_of_a_database_that_nobody_can_open_is_refused(url: str) -> None:
    with pytest.raises(BadSetting, match="LAUREL_DATABASE"):
        read_settings({"LAUREL_DATABASE": url})


@pytest.mark.parametrize("host", ["u:p@db:five", "u:p@[::1]:0", "u:p@one:5432,two:70000", "u:pa/ss@db:5432"])
def test_a_port_that_is_none_is_told_and_nothing_of_a_password(host: str) -> None:
    with pytest.raises(BadSetting, match="LAUREL_DATABASE 的端口") as refused:
        read_settings({"LAUREL_DATABASE": f"postgresql+psycopg://{host}/laurel"})
    assert not re.search(r"five|70000|\bpa\b", str(refused.value))


def test_every_name_that_the_program_reads_is_declared() -> None:
    text = "".join(path.read_text() for path in (ROOT / "service").rglob("*.py"))
    assert set(re.findall(r'"(LAUREL_[A-Z0-9_]*[A-Z0-9])"', text)) <= NAMES


def test_the_example_is_written_from_what_is_declared() -> None:
    assert FILE.read_text("utf-8") == example(), "run python -m deploy.settings_example"


@pytest.mark.parametrize(
    ("name", "meant"), [("LAUREL_DATABSE", "LAUREL_DATABASE"), ("LAUREL_TRUSTED_PROXYS", "LAUREL_TRUSTED_PROXY")]
)
def test_a_misspelt_name_is_refused_with_the_one_that_is_meant(name: str, meant: str) -> None:
    with pytest.raises(BadSetting) as refused:
        read_settings({name: "x"})
    assert name in refused.value.message.zh
    assert meant in refused.value.message.en
    assert read_settings({"LAUREL_SOMETHING_ELSE": "x"}).port == 8000, "a name of somebody else's"


@pytest.mark.parametrize("address", ["ftp://award.example.cn", "award.example.cn", "https://"])
def test_the_public_address_is_one_that_browsers_open(address: str) -> None:
    with pytest.raises(BadSetting, match="LAUREL_PUBLIC_URL"):
        read_settings({"LAUREL_PUBLIC_URL": address})
