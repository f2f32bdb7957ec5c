"""Search terms: tokenizing, stop words and singulars, of questions and of products' texts."""

import re
import unicodedata
from typing import Final

from bot.languages import HAN

# Words that wish for something but do not say for what.
STOP_WORDS: Final = frozenset(
    re.findall(
        r"\w+",
        """
        a about also an and any anything are as at available be best bigger boyfriend brother
        but buy can cheap cheaper color colour could dad different do does else father find for
        friend get girlfriend give good got great have hello help her hey hi him his how husband
        i idea ideas im in instead is it item items just kid less like look looking love maybe
        me mom more mother mum my need nice no not of ok okay on one ones only or other our out
        perfect please popular prefer preferably present price product products rather really
        recommend recommendation sell shop shopping show sister size smaller some someone
        something still stock stuff suggest suggestion thank thanks that the them then there
        thing things this to too under us very wanna want was we what whats which wife will with
        would yes you your
        """,
    )
)
STOP_HAN = re.compile(
    r"推荐|什么|有没有|可以|适合|想要|需要|帮我|看看|一下|一个|一件|一款|多少|价格|便宜|商品|东西|产品|现货|有货|库存"
    r"|妈妈|爸爸|女朋友|男朋友|朋友|老婆|老公|男友|女友|你们|我们|您好|你好|请问|颜色|哪些|哪个|哪款|[我你您他她的了吗呢吧啊想要买找有没给送个件款些种和或与在是请把来好]"
)
HAN_RUN = re.compile(rf"{HAN.pattern}+")


def query_words(text: str) -> list[str]:
    """The words worth searching for: Latin ones in the singular, Chinese ones in pairs.

    >>> query_words("do you have any wool socks?")
    ['wool', 'sock']
    >>> query_words("推荐一个双肩包")
    ['双肩', '肩包']
    """
    text = unicodedata.normalize("NFKC", text).lower()
    latin = [word for word in re.findall(r"[a-z]{2,}", text) if word not in STOP_WORDS]
    han = [pair for run in HAN_RUN.findall(STOP_HAN.sub(" ", text)) for pair in pairs(run)]
    return [singular(word) for word in latin if singular(word) not in STOP_WORDS] + han


def pairs(run: str) -> list[str]:
    """A run of Chinese characters, two by two."""
    return [run[i : i + 2] for i in range(len(run) - 1)] or [run]


def singular(word: str) -> str:
    """A word without the plural's ending.

    >>> singular("boxes"), singular("socks"), singular("dress")
    ('box', 'sock', 'dress')
    """
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "xes", "ches", "shes")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith("ss") and len(word) > 3 else word
