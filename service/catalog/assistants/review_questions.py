"""What the assistants of the review and of the vote ask: where a cut-off lies, a third stage, how many ballots there are."""

from __future__ import annotations

from service.catalog.clause_kinds.clause_question import AnswerKind, ClauseQuestion, unsaid_hint
from service.domain.text import Text

USUAL_BALLOTS = 2
"""How many ballots there are where neither the text nor the place says anything."""
VOTE_BASES = (
    ("members_on_roll", Text("全体委员（应到会的）", "all members on the roll")),
    ("members_present", Text("到会委员", "the members present")),
    ("votes_cast", Text("有效票", "the valid votes")),
)
VOTE_SECRECY = (
    ("true", Text("无记名投票", "secret ballot")),
    ("false", Text("记名投票", "open ballot")),
)
"""What a text may say, or leave open, of how is voted."""
CUT_OFF_QUESTIONS = (
    ClauseQuestion(
        "before",
        Text("在哪个环节以前", "Before which step"),
        AnswerKind.CHOICE,
        "vote",
        (
            ("vote", Text("评审委员会表决以前：按各阶段合计的得分", "before the vote: by the points of all stages")),
            ("second", Text("第二个评审阶段（现场评审、答辩）以前：按第一阶段的得分", "before the second stage of review")),
        ),
    ),
    ClauseQuestion(
        "tie", Text("按名次的，末位得分相同", "By rank: equal scores at the last place"), AnswerKind.CHOICE, "all",
        (
            ("all", Text("一并进入（名次可以多出）", "all of them go on, beyond the places")),
            ("none", Text("都不进入（宁缺毋滥）", "none of them goes on")),
        ),
        Text("条文没有写明的按一并进入；写进排名的理由里", "All where the text says nothing; told in each reason"),
    ),
)  # fmt: skip
"""What the assistant of a cut-off asks."""
WEIGHT_QUESTIONS = (
    ClauseQuestion(
        "stage",
        Text("第二个评审阶段", "The second stage of review"),
        AnswerKind.CHOICE,
        "site",
        (("site", Text("现场评审", "site visit")), ("defence", Text("陈述答辩", "oral defence"))),
        Text("已经有第二个阶段的，不再画", "One that is there already stays as it is"),
    ),
    ClauseQuestion(
        "third", Text("第三个评审阶段的比重（百分之几）", "Weight of a third stage of review (percent)"), AnswerKind.NUMBER,
        hint=Text("只有两个阶段的空着", "Empty where there are two stages"),
    ),
    ClauseQuestion(
        "third_stage", Text("第三个评审阶段", "The third stage of review"), AnswerKind.CHOICE, "defence",
        (("site", Text("现场评审", "site visit")), ("defence", Text("陈述答辩", "oral defence"))),
    ),
)  # fmt: skip
"""What the assistant of the weights asks."""
BALLOT_QUESTIONS = (
    ClauseQuestion(
        "ballots", Text("得票不足的，一共投几次（1：不再投，空缺）", "Ballots in all where votes do not suffice (1: the place stays vacant)"),
        AnswerKind.NUMBER, hint=unsaid_hint(USUAL_BALLOTS),
    ),
    ClauseQuestion(
        "base", Text("得票比例是谁的几分之几", "Of whom the votes are a share"), AnswerKind.CHOICE, options=VOTE_BASES, optional=True,
        hint=Text("条文没有写明的由本地选定，参数上注明条文未写明", "Chosen by the place where the text says nothing, and marked so"),
    ),
    ClauseQuestion(
        "secret", Text("记名还是无记名", "Secret or open"), AnswerKind.CHOICE, options=VOTE_SECRECY, optional=True,
        hint=Text("条文没有写明的由本地选定，参数上注明条文未写明", "Chosen by the place where the text says nothing, and marked so"),
    ),
)  # fmt: skip
"""What the assistant of a majority asks."""
