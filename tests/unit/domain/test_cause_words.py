"""A line or a disk that failed is told in words: in Chinese where it is known, as the system said it in English."""

from __future__ import annotations

import errno
import os
import re
import smtplib
import socket
import sqlite3
import ssl
from contextlib import closing
from pathlib import Path

import pytest

from service.domain.wording.cause_words import cause_words

FOUND = (
    errno.ECONNREFUSED, errno.ECONNRESET, errno.ETIMEDOUT, errno.EHOSTUNREACH, errno.ENOENT, errno.EACCES,
    errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO, errno.ESTALE,
)  # fmt: skip


@pytest.mark.parametrize("number", FOUND)
def test_what_the_system_says_has_words(number: int) -> None:
    words = cause_words(OSError(number, os.strerror(number)))
    assert not re.search(r"[A-Za-z]", words.zh)
    assert os.strerror(number) in words.en


@pytest.mark.parametrize(
    ("error", "zh"),
    [
        (socket.gaierror(-2, "Name or service not known"), "查不到这个主机名"),
        (TimeoutError(), "规定时间内没有应答"),
        (ssl.SSLCertVerificationError(1, "certificate verify failed"), "对方的证书未通过核对"),
        (ssl.SSLError(1, "wrong version number"), "加密连接没有建立"),
        (smtplib.SMTPServerDisconnected("Connection unexpectedly closed"), "连接被对方中断"),
        (smtplib.SMTPSenderRefused(550, b"no", "a@example.cn"), "邮件服务器答复550，没有接受"),
        (smtplib.SMTPRecipientsRefused({"a@example.cn": (451, b"later")}), "邮件服务器答复451，没有接受"),
        (smtplib.SMTPNotSupportedError("STARTTLS"), "对方不支持所要求的功能"),
    ],
)
def test_what_a_line_says_has_words(error: OSError, zh: str) -> None:
    assert cause_words(error).zh == zh


@pytest.mark.parametrize(
    ("statement", "zh"), [("PRAGMA page_count", "打不开数据库文件"), ("PRAGMA max_page_count = 1", "磁盘已满")]
)
def test_what_a_database_file_says_has_words(statement: str, zh: str, tmp_path: Path) -> None:
    place = tmp_path / "none" / "x.db" if zh != "磁盘已满" else tmp_path / "x.db"
    script = f"{statement}; CREATE TABLE one(a); CREATE TABLE two(a); CREATE TABLE three(a)"

    def written() -> None:
        with closing(sqlite3.connect(place)) as connection:
            connection.executescript(script)

    with pytest.raises(sqlite3.Error) as told:
        written()
    assert cause_words(told.value).zh == zh


def test_what_is_not_known_is_told_as_it_was_said() -> None:
    assert cause_words(OSError("no number\nand more")).zh == "no number"
    assert cause_words(OSError()).zh == "OSError"
