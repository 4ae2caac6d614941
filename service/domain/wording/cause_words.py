"""What the system says of a line or a disk that failed, in words: who reads Chinese is told more than ``Connection refused``."""

from __future__ import annotations

import errno
import smtplib
import socket
import ssl

from service.domain.text import Text

_OF_NUMBER = {
    errno.ECONNREFUSED: "对方没有开启服务，连接被拒绝",
    errno.ECONNRESET: "连接被对方中断",
    errno.ECONNABORTED: "连接被中断",
    errno.EPIPE: "连接被对方中断",
    errno.ETIMEDOUT: "规定时间内没有应答",
    errno.EHOSTUNREACH: "网络不通",
    errno.ENETUNREACH: "网络不通",
    errno.EADDRINUSE: "已被另一个程序占用",
    errno.EADDRNOTAVAIL: "本机没有这个地址",
    errno.ENOENT: "没有这个文件或目录",
    errno.ENOTDIR: "路径中有一段不是目录",
    errno.EISDIR: "是目录，不是文件",
    errno.EEXIST: "那里已有同名的文件",
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.ENOSPC: "磁盘已满",
    errno.EDQUOT: "超出磁盘配额",
    errno.EFBIG: "文件超过了允许的大小",
    errno.EROFS: "磁盘只读",
    errno.EIO: "磁盘读写出错",
    errno.ESTALE: "共享目录已断开",
    errno.EMFILE: "打开的文件太多",
}

_OF_DATABASE = {
    "SQLITE_FULL": "磁盘已满",
    "SQLITE_READONLY": "数据库只读",
    "SQLITE_CANTOPEN": "打不开数据库文件",
    "SQLITE_IOERR": "磁盘读写出错",
    "SQLITE_BUSY": "数据库正被占用",
    "SQLITE_LOCKED": "数据库正被占用",
    "SQLITE_CORRUPT": "数据库文件已损坏",
    "SQLITE_NOTADB": "文件不是数据库",
}
"""By the names that SQLite gives its errors, each the first of several."""


class ToldCause(OSError):
    """A failure of a line that knows its own words in both languages; to programs and logs it says the English ones."""

    def __init__(self, message: Text) -> None:
        """Keep the words."""
        super().__init__(message.en)
        self.message = message


def cause_words(error: Exception) -> Text:
    """Return what went wrong, in Chinese for what is known; what the system said itself stands in the English half."""
    if isinstance(error, ToldCause):
        return error.message
    reason = (str(error).splitlines() or [""])[0] or type(error).__name__
    return Text(_find_chinese_words(error) or reason, reason)


def _find_chinese_words(error: Exception) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return "对方的证书未通过核对"
    if isinstance(error, ssl.SSLError):
        return "加密连接没有建立"
    if isinstance(error, socket.gaierror):
        return "查不到这个主机名"
    if isinstance(error, smtplib.SMTPException):
        return _of_mail_server(error)
    if isinstance(error, TimeoutError):
        return _OF_NUMBER[errno.ETIMEDOUT]
    if isinstance(error, OSError):
        return _OF_NUMBER.get(error.errno or 0, "")
    named = str(getattr(error, "sqlite_errorname", ""))
    return next((words for name, words in _OF_DATABASE.items() if named.startswith(name)), "")


def _of_mail_server(error: smtplib.SMTPException) -> str:
    if isinstance(error, smtplib.SMTPServerDisconnected):
        return _OF_NUMBER[errno.ECONNRESET]
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return "对方不支持所要求的功能"
    refused = error.recipients.values() if isinstance(error, smtplib.SMTPRecipientsRefused) else ()
    codes = {code for code, _ in refused} or {getattr(error, "smtp_code", 0)}
    return f"邮件服务器答复{'、'.join(map(str, sorted(codes)))}，没有接受" if all(codes) else ""
