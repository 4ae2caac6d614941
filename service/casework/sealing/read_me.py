"""What stands in a bundle for whoever opens it without knowing what it is."""

WORDS = """本届封存 · Sealed season

这里是一届政府质量奖的公开记录：公示、专家抽取、评分、排名、表决计票、获奖名单、所依据的办法和参数，以及记录链的锚定。
文件均为 UTF-8 的 JSON，manifest.json 列出每个文件的 SHA-256，signature.json 是对它的签名，写明算法。
核验：python -m verifier 本文件.zip --key 公钥，公钥以办公室另行公布的为准。格式见程序中的 docs/sealed-season.md，任何人都可以另写核验程序。
未经公示、也未获奖的申报者只有办件编号，评审专家只有编号，专家的文字意见不在其中。

This is the public record of one round of a government quality award: notices, draws of experts, scores, rankings,
counts, awards, the regulation with its parameters, and the anchors of the records.
All files are JSON in UTF-8. manifest.json lists the SHA-256 of each, signature.json a signature over it that names its algorithm.
To verify: python -m verifier THIS.zip --key KEY, with the key that the office publishes elsewhere. docs/sealed-season.md
of the program describes the format, so that anybody can write another verifier.
Applicants who were neither named in a public notice nor awarded are the number of their case, experts are numbers, and
no words of experts are in it.
"""
