"""The kind of a clause, guessed from its words and from what leads up to it in its article.

Each kind has signs with weights; what an article says before its items (“具备下列条件”, “履行下列职责”) weighs on all of them.
"""

from __future__ import annotations

import re

_NUMBER = r"[0-9一二三四五六七八九十百两 ]{1,5}"
_PIECES = "(?:个(?!工作日|自然日|日历日|月|年)|家|名|项)"
_SIGNS: tuple[tuple[str, str, int], ...] = (
    ("objection", "异议|举报|投诉", 4),
    ("objection", "异议(?:成立|不成立)|有异议|提出异议|异议处理|异议人|异议材料", 3),
    ("objection", "无异议|没有异议", -7),
    ("objection", "接受.{0,12}(?:举报|投诉|监督)|监督", -2),
    ("vote", "表决|投票|票数|得票|赞成|出席人员|三分之二以上|委员[^，。；]{0,8}(?:出席|到会)|(?:出席|到会)(?:的|会议的)?委员", 7),
    ("notice", "公示|公告|公布|发布.{0,10}(?:通知|通告|公告)", 4),
    ("notice", "公示(?:期|时间)|公示不少于|社会公示|予以公示|进行公示|示范?公示", 3),
    ("notice", "经公示无异议|公示无异议|公示有异议|公示期内|公示期间", -4),
    ("quota", rf"不(?:得)?(?:超过|多于){_NUMBER}{_PIECES}|奖{_NUMBER}{_PIECES}|名额|空缺|宁缺毋滥|获奖组织不超过", 6),
    ("prize", "奖金|奖励.{0,4}(?:人民币)?.{0,6}万元|颁发.{0,10}(?:奖牌|证书|奖杯|奖金)|一次性奖励|授予证书|给予.{0,6}奖励", 5),
    ("prize", "收回|追缴|追回|退回|冒用|伪造|出售|出租|列入|经费|挪", -6),
    ("sanction", "撤销|取消.{0,8}(?:资格|奖励|称号|荣誉)|收回|追回|追缴|责令|不再?受理其|处分|追究|批评|移交司法|吊销", 6),
    ("sanction", "弄虚作假|骗取|贿赂|不正当手段|隐瞒|提供虚假", 3),
    ("sanction", "有下列(?:情况|情形)之一|发生.{0,20}(?:事故|违法)", 1),
    ("sanction", "内不得(?:再次|重新)?申报|不予受理其申报", 3),
    ("fee", "经费|收取.{0,6}费用|不收取|专款专用|费用|经济负担|财政(?:预算|列支)", 8),
    ("validity", "起施行|施行之日|有效期为?|同时废止|试行|征求意见稿", 7),
    ("validity", "有效期满|有效期内|已|期限内", -3),
    ("confidentiality", "保密|泄露|秘密", 6),
    ("confidentiality", "不得涉及", -4),
    ("definition", "所称|是指|以下简称|以下统称|(?:奖项|奖)?分为|设.{0,12}(?:质量奖|提名奖)|是.{0,20}(?:设立|授予).{0,20}(?:荣誉|奖项)", 5),
    ("definition", "办公室[（(]|委员会[（(]|领导小组|评审组[（(]|评审机构", -3),
    ("time_limit", rf"评选周期|每{_NUMBER}年(?:评|开展|组织|进行)|评[审选定].{{0,4}}一[次届]", 7),
    (
        "time_limit",
        rf"(?:收到|接到|知悉|之日起).{{0,16}}{_NUMBER}个?(?:工作)?[日天]|"
        rf"{_NUMBER}个?(?:工作日|自然日|日历日|月)(?:之|以)?内|规定(?:的)?(?:时间|期限)内",
        5,
    ),
    ("time_limit", "底前|月.{0,4}日前", 3),
    ("record", "报告|申报表|材料|凭证|意见书|书面|档案|记录|台账|填写|提供.{0,8}(?:证明|材料)|出具|反馈", 3),
    ("record", "形成.{0,16}(?:报告|名单|意见)|填写.{0,8}(?:申报表|申报书)|提交.{0,16}(?:材料|报告|申报表|意见)|报送.{0,12}材料|书面(?:反馈|告知|说明)", 3),
    ("record", "(?:未|没有|不)(?:按时|按期|按要求|按规定|如期)?(?:提交|报送|报告)[^，。；]{0,14}的(?:[；。，]|$)", -4),
    ("role", "负责|职责|设立|承担|设在|下设|兼任|组成|研究决定|审议决定|聘任|专家库|随机抽取", 4),
    ("role", rf"(?:评审组|专家组|委员会)[^，。；]{{0,16}}{_NUMBER}(?:人|名|位)", 3),
    ("role", "组织实施|组织开展|指导|日常工作|制[定订]|统筹|协调", 2),
    ("role", "真实性|本办法由|予以处理", -6),
    ("validity", "本办法由.{0,24}解释", -2),
    ("role", "负责解释|由.{0,24}负责解释", 6),
    ("duty", "义务|应(?:当)?.{0,8}(?:注明|标明)|标明|推广|宣传|交流|分享|示范|真实性|忠于职守|严格遵守|必须遵守|持续改进|保持|起到", 4),
    ("duty", "应当|应|必须|需", 1),
    ("prohibition", "不得|严禁|禁止|回避|不准|不能", 4),
    ("prohibition", "不得(?:少于|低于|超过|高于|申报|再次|重复)|不得进入|不得作为", -5),
    ("prohibition", "利害关系|有偿|出售|出租|收受|冒用|挪作|用于", 3),
    ("eligibility", "依法登记|具有.{0,10}(?:资格|资质|能力|学历|职称)|正常(?:运营|经营|生产)|近.{1,4}年(?:内)?|年以上|显著|领先|先进|良好|信用", 3),
    ("eligibility", "条件[:：]|下列条件|符合.{0,12}条件|不得(?:重复|再次)?申报|可以申报|拥护|热爱|熟悉|身体健康|遵纪守法|学历|文化|业绩", 5),
    ("eligibility", "得分低于|低于.{0,6}分", 2),
    ("procedure", "评审|审核|审查|审定|审批|推荐|报送|提请|提交|复核|核查|组织.{0,10}评审|自愿|批准|考核|申报", 2),
    ("procedure", "报.{0,20}(?:政府|批准|审定|审批)|资料评审|现场评审|材料评审|综合评[议价]|按照.{0,12}程序|确定.{0,10}名单|提出.{0,12}名单", 4),
    ("procedure", "无异议的", 5),
    ("other", "制定本办法|结合.{0,10}实际|根据《|依据《|依照《|按照《", 8),
    ("other", "遵循|原则|坚持|方针", 6),
    ("other", "为(?:了)?(?:激励|引导|推广|鼓励|全面|贯彻|加强|规范|确保)|印发给你们|公开发布", 7),
    ("other", "重点支持|鼓励.{0,40}申报", 6),
)  # fmt: skip
"""Kind, words, weight; a negative weight speaks against."""
_LEADS: tuple[tuple[str, str, int], ...] = (
    (
        "eligibility",
        r"(?:下列|以下)(?:基本)?条件|应(?:当)?(?:同时)?(?:具备|符合)|不得申报|标准[:：]|申报条件|评审员应",
        6,
    ),
    ("eligibility", "(?:具备|符合|满足)[^，。；]{0,6}(?:下列|以下|如下)[^，。；]{0,6}条件", 6),
    ("role", r"(?:下列|以下|主要)职责|职责(?:是|为)?[:：]|履行.{0,6}职责", 6),
    ("sanction", r"(?:撤销|取消).{0,40}(?:情形|情况|之一)|之一的.{0,20}(?:撤销|取消)", 6),
    ("prohibition", r"(?:遵守|不得有).{0,6}(?:下列|以下)(?:规定|纪律|行为)", 4),
    ("duty", r"(?:下列|以下)义务", 6),
    ("record", r"(?:提交|报送|提供)(?:下列|以下)(?:材料|资料)", 6),
    ("procedure", r"(?:下列|以下|按.{0,4})程序|程序(?:是|为)?[:：]|审查(?:下列|以下)|重点审查", 4),
    ("objection", "异议", 2),
)
"""What an article says before its items, and what that speaks for in each of them."""
_LEAST = 2
_COMPILED = tuple((kind, re.compile(words), weight) for kind, words, weight in _SIGNS)
_COMPILED_LEADS = tuple((kind, re.compile(words), weight) for kind, words, weight in _LEADS)


def guessed_kind(text: str, lead: str = "") -> str:
    """Return the kind of clause that the words of ``text`` suggest; ``lead`` is what its article says before it."""
    weights: dict[str, int] = {}
    for kind, words, weight in _COMPILED:
        if words.search(text):
            weights[kind] = weights.get(kind, 0) + weight
    for kind, words, weight in _COMPILED_LEADS if lead else ():
        if words.search(lead):
            weights[kind] = weights.get(kind, 0) + weight
    best = max(weights, key=lambda kind: weights[kind], default="other")
    return best if weights.get(best, 0) >= _LEAST else "other"
