"""What the system says of a line or a disk that failed, in words: who reads Chinese is told more than ``Connection refused``."""

from __future__ import annotations

import errno
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
    errno.EADDRNOTAVAIL: "本机没有这个地址",
    errno.ENOENT: "没有这个文件或目录",
    errno.ENOTDIR: "路径中有一段不是目录",
    errno.EISDIR: "是目录，不是文件",
    errno.EEXIST: "那里已有同名的文件",
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.ENOSPC: "磁盘已满",
    errno.EDQUOT: "超出磁盘配额",
    errno.EROFS: "磁盘只读",
    errno.EIO: "磁盘读写出错",
    errno.ESTALE: "共享目录已断开",
    errno.EMFILE: "打开的文件太多",
}


def cause_words(error: Exception) -> Text:
    """Return what went wrong, in Chinese for what is known; what the system said itself stands in the English half."""
    said = (str(error).splitlines() or [""])[0] or type(error).__name__
    return Text(_chinese(error) or said, said)


def _chinese(error: Exception) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return "对方的证书未通过核对"
    if isinstance(error, ssl.SSLError):
        return "加密连接没有建立"
    if isinstance(error, socket.gaierror):
        return "查不到这个主机名"
    if isinstance(error, TimeoutError):
        return _OF_NUMBER[errno.ETIMEDOUT]
    return _OF_NUMBER.get(error.errno or 0, "") if isinstance(error, OSError) else ""
