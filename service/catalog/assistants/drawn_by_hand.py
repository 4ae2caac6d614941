"""What a clause demands that no assistant writes, with how it is drawn."""

from __future__ import annotations

import re

from service.catalog.law_text.preset import squeezed
from service.domain.text import Text

_BY_HAND = (
    (
        re.compile("不服[^。；]{0,40}(?:申诉|申请复核)|日内[^。；]{0,20}申诉"),
        Text(
            "对处理结果的申诉没有助手：在流程图“异议”里，“异议处理”之后调用共用流程“异议结果申诉”。提出和作出决定的期限是参数 "
            "appeal_calendar_days、appeal_decision_calendar_days（自然日；按工作日计算的，写 appeal_working_days、"
            "appeal_decision_working_days，前两个留空），由谁决定写参数 appeal_decider；异议加上事实 appeal_result 和操作“申诉”。"
            "设计手册的“复核、申诉、再申诉”一行写明怎样画。",
            "No assistant writes an appeal against the result: in the diagram of objections call the shared process "
            "“appeal against the result of an objection” after the objection is handled. Its time limits are the parameters "
            "appeal_calendar_days and appeal_decision_calendar_days (in working days: appeal_working_days and "
            "appeal_decision_working_days, the others left empty), appeal_decider says who decides; the objection gets the fact "
            "appeal_result and the action of appealing. See the row on appeals in the manual.",
        ),
    ),
    (
        re.compile("(?:得?票数?|得分|分数)(?:相同|相等)[^。]{0,24}(?:成立|登记|注册)(?:时间|年限|年数|日期|较早|早)"),
        Text(
            "得票或者得分相同的看成立时间，没有助手：按得分排名的，在 scores.rank 的 tie_by 里写成立时间；按得票的，候选名单的 score 按成立"
            "时间取值，参数“末位得票相同”选按评审得分。设计手册的“同分看……”和“票数相同按总分”两行写明怎样画。",
            "No assistant orders equals by their age: where points rank, name the founding day in tie_by of scores.rank; where "
            "votes do, let score of the candidates follow that day, and choose the score for a tie at the last place. See the "
            "rows on equals in the manual.",
        ),
    ),
)


def drawn_by_hand(text: str) -> tuple[Text, ...]:
    """Return how to draw what ``text`` demands and no assistant writes."""
    said = squeezed(text)
    return tuple(how for asked, how in _BY_HAND if asked.search(said))
