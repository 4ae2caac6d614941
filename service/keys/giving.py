"""Holders give their shares: kept in memory alone until there are enough of them, then the key is put together."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from pathlib import Path

from service.domain.ballots import new_papers_key
from service.domain.errors import Invalid
from service.domain.text import Text
from service.keys.errors import NotReleased
from service.keys.holders import Circle, HolderFiles, SealedShares, WrongPassphrase, put_together, share_out, take_share
from service.keys.urns import Holding

TO_OPEN, TO_RESHARE = "open", "reshare"
"""What a share is given for."""
TRIES, PAUSE = 5, timedelta(minutes=5)
"""So many wrong passphrases of one holder, then a pause."""


class Giving:
    """The shares of one key service: sealed ones in its folder, given ones in memory; after a restart they are given anew."""

    def __init__(self, root: Path) -> None:
        self.files = HolderFiles(root)
        self._given: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
        self._wrong: dict[tuple[str, str], list[datetime]] = defaultdict(list)

    def begin(self, box: str, place: str) -> tuple[str, Circle | None]:
        """Return what slips of a new ballot are sealed to, with the holders that it was shared out to; ("", None) without."""
        circle = self.files.circle(place)
        if not circle.in_force:
            return "", None
        public, private = new_papers_key()
        self.files.put_shares(box, share_out(private, circle, box))
        return public, circle

    def holding(self, box: str) -> Holding | None:
        """Return who opens a ballot, and who gave."""
        sealed = self.files.shares(box)
        if sealed is None:
            return None
        holders = tuple(holder.name for holder in sealed.circle.holders)
        return Holding(sealed.circle.needed, holders, tuple(self._given[box, TO_OPEN]))

    def private(self, box: str) -> bytes:
        """Return what opens the slips of a ballot, empty where they are sealed to nobody; raises NotReleased before enough gave."""
        holding = self.holding(box)
        if holding is None:
            return b""
        shares = self._given[box, TO_OPEN]
        if len(shares) < holding.needed:
            told, said = "、".join(holding.given) or "无", ", ".join(holding.given) or "nobody"
            raise NotReleased(
                Text(
                    f"票箱须由{len(holding.holders)}名密钥保管人（{'、'.join(holding.holders)}）中的{holding.needed}名"
                    f"在密钥服务的页面上交出才能打开，已交：{told}。交齐后自动计票。",
                    f"The urn opens when {holding.needed} of its {len(holding.holders)} holders"
                    f" ({', '.join(holding.holders)}) gave their shares on the key service's page; given by: {said}."
                    " The count follows by itself.",
                )
            )
        return put_together(list(shares.values())[: holding.needed])

    def give(self, box: str, holder: str, passphrase: bytes, purpose: str, now: datetime) -> bool:
        """Take the share of ``holder``; returns whether there are enough for ``purpose`` now.

        Raises:
            NotReleased: who holds no share of this ballot.
            WrongPassphrase: it is not theirs.
            Invalid: too many were wrong lately.
        """
        sealed, wrong = self._sealed(box), self._wrong[box, holder]
        wrong[:] = [at for at in wrong if now - at < PAUSE]
        if len(wrong) >= TRIES:
            raise Invalid(Text("输错的次数太多，请五分钟后再试。", "Too many were wrong: try again in five minutes."))
        try:
            share = take_share(sealed, holder, passphrase, box)
        except WrongPassphrase:
            wrong.append(now)
            raise
        given = self._given[box, purpose]
        given[holder] = share
        return len(given) >= sealed.circle.needed

    def reshare(self, box: str, place: str) -> Circle:
        """Share the key of a ballot out anew to today's holders; shares given before are void. Raises NotReleased."""
        circle = self.files.circle(place)
        if not circle.in_force:
            raise NotReleased(
                Text(
                    "现任保管人不足，不能改由他们保管。请先登记。", "There are too few holders today: name them first."
                )
            )
        shares = list(self._given[box, TO_RESHARE].values())[: self._sealed(box).circle.needed]
        self.files.put_shares(box, share_out(put_together(shares), circle, box))
        self.forget(box)
        return circle

    def end(self, box: str) -> None:
        """Destroy the shares of a ballot; safe to repeat."""
        self.files.drop_shares(box)
        self.forget(box)

    def forget(self, box: str) -> None:
        """Forget what was given."""
        for purpose in (TO_OPEN, TO_RESHARE):
            self._given.pop((box, purpose), None)

    def _sealed(self, box: str) -> SealedShares:
        sealed = self.files.shares(box)
        if sealed is None:
            raise NotReleased(Text("这次表决没有密钥保管人。", "This ballot has no holders."))
        return sealed
