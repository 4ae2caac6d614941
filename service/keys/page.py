"""The page on which holders give their shares: it is the key service's own, so that no passphrase passes through the program."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from service.domain.text import Text
from service.keys.states import KeptBallot
from service.keys.urns import Holding

_STYLE = (
    "body{font:16px/1.6 sans-serif;max-width:42rem;margin:2rem auto;padding:0 1rem;color:#1d2430}"
    "form{border:1px solid #c9ced8;border-radius:8px;padding:1rem;margin:1rem 0}"
    "label{display:block;margin:.6rem 0}input,select{font:inherit;width:100%;box-sizing:border-box;padding:.4rem}"
    "button{font:inherit;padding:.4rem 1rem;margin-top:.6rem}.said{background:#eef3fb;padding:.6rem 1rem;border-radius:8px}"
    "small{color:#566}"
)
HEADERS = {
    "Content-Type": "text/html; charset=utf-8",
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Strict-Transport-Security": "max-age=31536000",
}
"""What every answer of the page says to browsers."""


def holders_page(waiting: Sequence[tuple[KeptBallot, Holding]], said: Text | None) -> str:
    """Return the page: each ballot with its holders, how many of them are needed, and who gave; ``said`` stands above."""
    told = f'<p class="said" role="status">{_both(said)}</p>' if said else ""
    body = "".join(_ballot(*each) for each in waiting)
    none = Text("现在没有须由保管人打开的表决。", "No ballot waits for its holders now.")
    return (
        '<!doctype html><html lang="zh"><head><meta charset="utf-8"><title>密钥保管人 / Holders of keys</title>'
        f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style></head><body>'
        f"<h1>密钥保管人 <small>Holders of keys</small></h1>{told}{body or f'<p>{_both(none)}</p>'}</body></html>"
    )


def _ballot(ballot: KeptBallot, holding: Holding) -> str:
    needed, holders, given = holding.needed, holding.holders, holding.given
    how = Text(
        f"{len(holders)}名保管人中须有{needed}名交出；已交：{'、'.join(given) or '无'}。",
        f"{needed} of {len(holders)} holders are needed; given by: {', '.join(given) or 'nobody'}.",
    )
    options = "".join(f"<option>{escape(name)}</option>" for name in holders)
    return (
        f'<form method="post" action="/give"><h2>{escape(ballot.title)}</h2><p>{_both(how)}</p>'
        f'<input type="hidden" name="box" value="{escape(ballot.box)}">'
        f'<label>保管人 / Holder<select name="holder" required>{options}</select></label>'
        "<label>口令（或者文件中的内容） / Passphrase, or what stands in your file"
        '<input type="password" name="passphrase" required autocomplete="off"></label>'
        '<label>用途 / Purpose<select name="purpose"><option value="open">开箱计票 / open for the count</option>'
        '<option value="reshare">改由现任保管人保管 / share out anew to today\'s holders</option></select></label>'
        "<button>交出 / Give</button></form>"
    )


def _both(said: Text) -> str:
    return f"{escape(said.zh)}<br><small>{escape(said.en)}</small>"
