"""Japanese names in free text: no capital marks them, so the place has to."""

import re
from typing import Final

from feedback.redaction.rules import HAN

_KANA = r"\u3041-\u30ff々"
_JAPANESE_NAME = rf"[{HAN}々]{{1,4}}[\s]{{0,2}}[{HAN}{_KANA}]{{1,5}}"


def _rule(pattern: str, replace: str = r"\1<NAME>") -> tuple[re.Pattern[str], str]:
    return re.compile(pattern), replace


_PATTERNS: Final = (
    _rule(rf"(?<![お皆])(?!お|皆|客|奥様|お客)(?:{_JAPANESE_NAME}|[{HAN}]{{2,4}})(?=さん|様|さま|"
          rf"殿|氏(?!名))", "<NAME>"),
    _rule(rf"((?:名前|氏名|お名前)\s*(?:は|:)?\s*)(?:{_JAPANESE_NAME}|"
          rf"[{HAN}{_KANA}]{{2,8}}?)(?=です|と|$|[\s、。をで])"),
    _rule(rf"(?:{_JAPANESE_NAME}|[{HAN}]{{2,5}}|[{HAN}]{{1,3}}\s[{HAN}]{{1,3}})(?=より\s*$|"
          rf"と申します|と言います|といいます)", "<NAME>"),
    _rule(rf"((?:お願いします|お願い致します|お願いいたします|敬具|ありがとうございます|"
          rf"よろしく)[。.!!、]*\s*)(?:[{HAN}々]{{1,3}}\s{{0,2}}[{HAN}{_KANA}]{{1,4}})\s*$"),
)  # fmt: skip


def without_japanese_names(text: str) -> str:
    """The text without names before 様 or さん, after 名前, and at the end.

    >>> without_japanese_names("田中さんにお願いします")
    '<NAME>さんにお願いします'
    """
    for pattern, replace in _PATTERNS:
        text = pattern.sub(replace, text)
    return text
