"""In which language to reply: by the script the shopper writes in, else the session's."""

import re
from collections.abc import Iterable

HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
LATIN_WORD = re.compile(r"[A-Za-z']{2,}")
NOT_WORDS = re.compile(r"\S*(?:@|://)\S*")  # e-mail and web addresses are Latin in every language

# One or two Latin words are often a brand's name inside another language; three are a sentence.
LATIN_SENTENCE = 3


def normal_locale(locale: str) -> str:
    """The language of a locale as browsers send it.

    >>> normal_locale("zh-Hans-CN"), normal_locale("EN_us"), normal_locale("")
    ('zh', 'en', 'en')
    """
    language = re.split(r"[-_]", locale.strip().lower())[0]
    return language if language.isalpha() and 2 <= len(language) <= 3 else "en"


def reply_locale(texts: Iterable[str], *, session: str) -> str:
    """The language to reply in.

    Args:
        texts: The shopper's turns, newest first: "1001, a@b.com" alone has no language, so the turn
            before it decides.
        session: The session's language.

    >>> reply_locale(["1001 a@b.com", "我的订单到哪了"], session="en")
    'zh'
    >>> reply_locale(["where is my order"], session="zh")
    'en'
    """
    for text in texts:
        if HAN.search(text):
            return "zh"
        if len(LATIN_WORD.findall(NOT_WORDS.sub(" ", text))) >= LATIN_SENTENCE:
            return "en" if session == "zh" else session
    return session
