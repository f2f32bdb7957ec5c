"""Abuse detection by rules: insults, threats and slurs thrown at a person, not words of anger.

Each rule is a few words one can read, and what matched is what the staff are told. Anger is no
abuse: "this bag is garbage" and "where the hell is my order" are questions with feelings, which
the clerk answers as any other. The figures of both lists stand in docs/benchmarks.md.
"""

import re
import unicodedata
from typing import Final, Literal, NamedTuple

AbuseKind = Literal["threat", "slur", "insult"]


class Abuse(NamedTuple):
    """What was found: the kind, and the words themselves."""

    kind: AbuseKind
    words: str


# Nobody needs these to talk about a shop's goods, whoever they are said to.
_ALWAYS: Final = (
    r"(?:mother ?)?fuckers?|motherfucking|mofo|cunts?|assholes?|arseholes?|dick ?heads?"
    r"|shit ?heads?|fuck ?(?:wit|face|tard)s?|dumb ?(?:ass|fuck)(?:es|s)?|jack ?ass(?:es)?"
    r"|sons? of (?:a )?bitch(?:es)?|wankers?|cocksuckers?|douchebags?"
)
# These only when they are thrown at somebody.
_NOUNS: Final = (
    r"idiots?|morons?|imbeciles?|cretins?|losers?|bitch(?:es)?|bastards?|scums?|scumbags?|pigs"
    r"|clowns?|liars?|fools?|twats?|retards?|thie(?:f|ves)|crooks?|scammers?"
    r"|pieces? of (?:shit|crap|garbage|trash)"
)
_CALLED: Final = r"idiots?|morons?|imbeciles?|bitch(?:es)?|bastards?|scumbags?|losers?|retards?"
_ADJECTIVES: Final = (
    r"stupid|dumb|useless|worthless|pathetic|idiotic|moronic|incompetent|brain ?(?:less|dead)"
    r"|retarded|disgusting|ugly|(?:trash|garbage)(?! ?\w)"
)
_VERY: Final = (
    r"(?:(?:all|just|such|so|really|very|too|a|an|the|bunch of|pack of|complete|total|absolute"
    r"|utter|bloody|damn|fucking|freaking|goddamn|biggest|little|lazy|fat|lying|stupid|dumb|useless"
    r"|worthless|incompetent|absolutely|completely|totally|literally|nothing but) )*"
)
_YOU: Final = (
    r"(?:you guys|you people|you lot|your (?:staff|team|company|agents?|people)|yall|you|u|ya)"
)
_ARE: Final = r"(?:are|re|r|is|must be|sound like|sound|act like|seem)"
_CALL: Final = r"(?:hey|listen|hello|hi|ok|come on|answer(?: me)?|now|bye|goodbye|thanks|sir)"
_END: Final = r"\s*(?:$|[!.,?])"
_WILL: Final = (
    r"\bi(?: ?ll| will| ?a?m going to| ?a?m gonna| gonna| wanna| want to| ?d like to)(?: \w+){0,3}?"
)
_HARM: Final = r"(?:kill|murder|stab|strangle|hurt|beat|punch|slap|smack|hunt|rape)"
_ALL_YOU: Final = r"(?:(?:all|every one|each) of )?(?:you|u|your family|your kids|yall)"
_PLACE: Final = r"your (?:\w+ )?(?:shop|store|office|house|warehouse|building)"
_SLURS: Final = r"nigg(?:er|a)s?|fag(?:got)?s?|chinks|kikes?|spics?|trann(?:y|ies)|towelheads?"
_WHOM: Final = r"you|u|off|yourself|yourselves|ya|all of you|your (?:mother|mom|mum|company|shop)"
_TAIL: Final = r"(?: (?:all|guys|people|idiots?|bot|clerk))?"
_CURSES: Final = r"(?:(?:stupid|dumb|useless|fucking|damn|bloody|worthless|idiotic) )+"

_ENGLISH: Final[tuple[tuple[AbuseKind, str], ...]] = (
    ("threat", rf"{_WILL} {_HARM} {_ALL_YOU}\b"),
    ("threat", rf"{_WILL} shoot (?:you|u|yall)\b(?! an?\b| the\b| my\b| over\b)"),  # … an e-mail
    ("threat", r"\bi know where (?:you|u) (?:all )?live\b"),
    ("threat", rf"\b(?:burn|blow up|bomb|shoot up) (?:down )?{_PLACE}\b"),
    ("threat", r"\bkill yourself\b|\bkys\b|\bgo (?:and )?die\b|\bdrop dead\b(?! gorgeous)"),
    ("threat", r"\bi (?:really )?(?:hope|wish) (?:you|u)(?: all| will| would)* (?:die|rot|burn)\b"),
    ("slur", rf"\b(?:{_SLURS})\b"),
    ("insult", rf"\bfuck(?:ing)? (?:{_WHOM})\b"),
    ("insult", rf"\b(?:screw|damn|curse) (?:you|u){_TAIL}{_END}"),
    ("insult", r"\bgo to hell\b|\brot in hell\b|\beat shit\b|\bstfu\b"),
    ("insult", r"\bshut the (?:fuck|hell) up\b"),
    ("insult", r"(?:^|[,.!?] ?|\b(?:just|please|you|so|and|now|oh) )shut up\b"),
    ("insult", r"\b(?:kiss|lick) my (?:ass|arse)\b|\bsuck (?:my|a) (?:dick|cock)\b"),
    ("insult", rf"\b(?:{_ALWAYS})\b"),
    ("insult", rf"\b{_YOU} ?{_ARE} {_VERY}(?:{_NOUNS}|{_ADJECTIVES})\b(?! (?:to|for|about|at)\b)"),
    ("insult", rf"\b(?:you|u|ya) {_VERY}(?:{_NOUNS})\b"),
    ("insult", rf"\bare (?:you|u) {_VERY}(?:retarded|stupid|dumb|brain ?dead)\b"),
    ("insult", rf"\b{_CALL}[,.!?]? {_VERY}(?:{_CALLED}){_END}"),
    ("insult", rf"^\W*{_CURSES}(?:bot|robot|clerk|agent|chatbot|people|{_CALLED})\b"),
    ("insult", rf"^\W*(?:{_CALLED}|thieves|crooks){_END}"),
)

_YOU_ZH: Final = r"(?:你们?|您|客服|店员|(?<!地)机器人|店家|商家|卖家|老板)"
_SO_ZH: Final = r"(?:这[个些群帮]|那个|全|都|真|就|简直|果然|他妈的?|一?[群帮个]|这[么样]|[是就])*"
_NOUNS_ZH: Final = (
    r"(?:蠢货|蠢猪|笨蛋|白痴|废物|傻子|傻瓜|混蛋|混账|王八|畜生|人渣|败类"
    r"|垃圾|骗子|猪|狗|脑残|弱智|神经病|智障|贱人)"
    # Dog food, bins, the year of the pig.
    r"(?!箱|袋|桶|盒|肉|年|粮|链|窝|牌|场|站|毛|绳|砂|相机|抓|皮|满|分类|处理|回收|利用|[0-9])"
)
_VERY_ZH: Final = r"(?:怎么|真|是|都|就|太|也|这么|那么|可)*"
_DULL_ZH: Final = (
    r"(?:[蠢笨]死了|太?蠢|没用的东西|不是个?人|不是个?东西|有病[吧啊！!]|有病\W*$"
    r"|脑子[有进](?:病|水|问题)|没有?脑子|瞎了?吧|傻了?吧)"
)
_HARM_ZH: Final = r"(?:弄死|打死|砍死|杀了|杀死|捅死|整死|揍死|揍|干掉)"
_MOTHER_ZH: Final = r"(?:妈|大爷|祖宗|全家|娘|马)"

_CHINESE: Final[tuple[tuple[AbuseKind, str], ...]] = (
    ("threat", rf"{_HARM_ZH}(?:你|客服|店员)(?!们?吧)|[要想去]杀了?你"),
    ("threat", r"(?:烧|砸|炸)了?你们?的?(?:店|家|公司|仓库)|我知道你(?:们|家)?住"),
    ("threat", r"(?:你们?|全家|客服)(?:都|怎么)?还?不?去死(?!皮)|去死吧|^\W*去死\W*$"),
    ("threat", r"死全家|全家死光|不得好死"),
    ("slur", r"支那|黑鬼|死基佬|死同性恋"),
    ("insult", r"[傻煞沙][逼屄]|[傻煞]笔|沙比(?!萨)|傻\s*[b×x](?![a-z])"),
    ("insult", rf"[操草艹日干肏]\s*(?:你|尼|您)们?\s*{_MOTHER_ZH}|草泥马|妈了个?[巴逼]"),
    ("insult", r"你妈(?:逼|死了|炸了|个[逼头])|[滚去]你(?:妈|大爷)的|尼玛(?!县)|你他妈"),
    ("insult", r"狗娘养|狗东西|王八蛋|龟儿子|龟孙|婊子|贱[人货]|臭?不要脸|没长脑子"),
    ("insult", rf"{_YOU_ZH}{_SO_ZH}{_NOUNS_ZH}"),
    ("insult", rf"{_YOU_ZH}{_VERY_ZH}{_DULL_ZH}"),
    ("insult", r"^\W*(?:给我|快)?(?:滚|滚开|你?闭嘴)[吧啊]?\W*$|给我滚(?![轮筒边])"),
    ("insult", r"滚蛋|滚远点|滚犊子"),
    ("insult", rf"^\W*(?:死|臭|破|一群|一帮|真是|都是|大)*{_NOUNS_ZH}[们啊吧店]*\W*$"),
    ("insult", r"(?:废物|智障|弱智|脑残|白痴|垃圾|狗屁|蠢)(?:客服|机器人|店员|商家|店家)"),
    ("insult", r"(?<![a-z])(?:cnm|nmsl|wcnm|rnm)(?![a-z])"),
    ("insult", r"(?:你|们|是|个|大|客服)sb(?!鞋|系列|款|[0-9a-z])"),
)

_RULES: Final = tuple((kind, re.compile(rule)) for kind, rule in (*_ENGLISH, *_CHINESE))
# What is no letter but stands for one, within a word: f*ck, sh1t, a$$hole, @sshole.
_DISGUISES: Final = (
    (re.compile(r"\bf[*#@!_]+c?k"), "fuck"),
    (re.compile(r"\bf[*#@!]{2,}(?!\w)"), "fuck"),
    (re.compile(r"\bsh[*#@!1]t"), "shit"),
    (re.compile(r"\bb[*#@!1]t?ch"), "bitch"),
    (re.compile(r"(?:\b|@)[a@]?[s$]{2}hole"), "asshole"),
    (re.compile(r"\bc[*#@!]nt"), "cunt"),
    (re.compile(r"\bf+u*c*k+(?=$|\W|e|i)"), "fuck"),
    (re.compile(r"(\w)\1{2,}"), r"\1\1"),
)
_APOSTROPHES: Final = re.compile(r"['’`´]")
# Letters, digits and the marks that end a call; all else parts words.
_OTHER: Final = re.compile(r"[^\w!.,?]+")


def find_abuse(text: str) -> Abuse | None:
    """The first abuse in a shopper's words; None: there is none.

    >>> find_abuse("You are all useless idiots!")
    Abuse(kind='insult', words='you are all useless idiots')
    >>> find_abuse("This zip is useless, and where the hell is my refund?")
    >>> find_abuse("你们都是骗子")
    Abuse(kind='insult', words='你们都是骗子')
    >>> find_abuse("厨房垃圾桶有货吗")
    """
    plain = _plain(text)
    for kind, rule in _RULES:
        if found := rule.search(plain):
            return Abuse(kind, found[0].strip(" !.,?"))
    return None


def _plain(text: str) -> str:
    """Lower case, one space between words and for apostrophes, letters for their disguises."""
    plain = _APOSTROPHES.sub(" ", unicodedata.normalize("NFKC", text).lower())
    for disguise, letters in _DISGUISES:
        plain = disguise.sub(letters, plain)
    return " ".join(_OTHER.sub(" ", plain).split())
