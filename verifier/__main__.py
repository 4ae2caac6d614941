"""``python -m verifier BUNDLE.zip [--key KEY] [--timestamps ROOT.pem]``: print what is proved, what is disproved and what is not proved.

Leaves with 0 where nothing is disproved, 1 where something is, 2 where the bundle or the key cannot be read, and 3 where
nothing is disproved but no key was given, so that anybody may have signed it.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

from cryptography import x509

from verifier.awards import check_awards
from verifier.bundle import Bundle, BundleRefused, open_bundle
from verifier.counts import check_counts
from verifier.draws import check_draws
from verifier.rankings import check_rankings
from verifier.report import CheckedStatement, Statements, Verdict, disproved, not_proved
from verifier.scores import check_scores
from verifier.seal import check_files, check_seal, check_signature
from verifier.signatures import comparable_key, is_key
from verifier.timestamps import check_timestamps
from verifier.windows import check_notices

_UNREADABLE = (KeyError, IndexError, ValueError, TypeError, AttributeError, ArithmeticError, RecursionError)
"""What a value of another shape than the format's raises: ValueError is also that of a day or a number."""


UNKNOWN_SIGNER = (
    "签名者未知：没有给出公钥，任何人都能造出这样的文件；请取得办公室另行公布的公钥，加 --key 公钥 再核验"
    " / The signer is unknown: no key was given, and anybody could have made such a file; get the public key that the office"
    " publishes elsewhere and verify again with --key KEY"
)
"""The last line where no key was given."""


def verify(
    bundle: Bundle, key: str | None = None, authority: Sequence[x509.Certificate] = ()
) -> list[CheckedStatement]:
    """Return everything that can be said of a bundle; ``key`` is the public key that must have signed it.

    ``authority`` are the certificates of the timestamp authority that is trusted.
    """
    checks: Sequence[tuple[str, Callable[[], Statements]]] = (
        ("manifest.json", lambda: check_files(bundle)),
        ("signature.json", lambda: check_signature(bundle, key)),
        ("seal.json", lambda: check_seal(bundle)),
        ("anchors.jsonl", lambda: check_timestamps(bundle, authority)),
        ("notices.json", lambda: check_notices(bundle)),
        ("draws.json", lambda: check_draws(bundle)),
        ("scores.json", lambda: check_scores(bundle)),
        ("rankings.json", lambda: check_rankings(bundle)),
        ("counts.json", lambda: check_counts(bundle)),
        ("awards.json", lambda: check_awards(bundle)),
    )
    found: list[CheckedStatement] = []
    for file, check in checks:
        try:
            found.extend(check())
        except _UNREADABLE as error:
            shown = ascii(str(error))[:120]
            found.append(
                disproved(
                    file,
                    f"缺失或者不合格式，读不下去（{shown}）",
                    f"it, or what it names, is missing or not as the format says ({shown})",
                )
            )
    found.append(
        not_proved(
            "law.json",
            "程序版本的指纹与办法原文相符、当时确按这一版本办理：须取得该版本的流程包核对",
            "that the fingerprint of the procedure belongs to the text of the regulation: that takes its package",
        )
    )
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Verify the bundle that the command line names; returns the exit status."""
    parser = argparse.ArgumentParser(prog="verifier", description="核验一届封存的评选 / Verify a sealed season")
    parser.add_argument("bundle", type=Path, help="封存文件（.zip）/ the bundle")
    parser.add_argument(
        "--key",
        help="签名公钥：64位十六进制，SM2 的以 sm2: 开头 / public key that must have signed it: 64 hexadecimal digits, or sm2:…",
    )
    parser.add_argument(
        "--timestamps", type=Path, help="时间戳机构的根证书（PEM）/ root certificate of the timestamp authority (PEM)"
    )
    given = parser.parse_args(arguments)
    key = None if given.key is None else comparable_key(given.key.strip())
    try:
        if key is not None and not is_key(key):
            raise BundleRefused(
                "公钥应为64位十六进制数，SM2 的为 sm2: 和44个字符。",
                "A key is 64 hexadecimal digits, one of SM2 sm2: and 44 characters.",
            )
        found = verify(open_bundle(given.bundle), key, _authority(given.timestamps))
    except BundleRefused as refusal:
        print(f"{refusal.zh} / {refusal.en}", file=sys.stderr)
        return 2
    for one in found:
        print(one.line)
    count = Counter(one.verdict for one in found)
    good, bad, left = (count[verdict] for verdict in Verdict)
    print(f"证实 {good} 项，不符 {bad} 项，未能证明 {left} 项 / {good} proved, {bad} disproved, {left} not proved")
    if key is None:
        print(UNKNOWN_SIGNER)
    unknown = 3 if key is None else 0
    return 1 if bad else unknown


def _authority(file: Path | None) -> Sequence[x509.Certificate]:
    try:
        return () if file is None else x509.load_pem_x509_certificates(file.read_bytes())
    except (OSError, ValueError) as error:
        raise BundleRefused(f"{file} 不是证书文件（PEM）。", f"{file} is no file of certificates (PEM).") from error


if __name__ == "__main__":
    sys.exit(main())
