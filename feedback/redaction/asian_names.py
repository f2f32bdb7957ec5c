"""Chinese and Japanese names: no capital marks them, so a surname and the place have to."""

import re
from typing import Final

from feedback.redaction.rules import HAN

_SURNAMES = (
    "王李张張刘劉陈陳杨楊黄黃赵趙吴吳周徐孙孫马馬朱胡郭何林罗羅高郑鄭梁谢謝宋唐许許韩韓冯馮邓鄧曹"
    "彭曾肖萧蕭田董袁潘于余"
    "叶葉蒋蔣杜苏蘇魏程吕呂丁沈任姚卢盧姜崔钟鍾谭譚陆陸汪范石廖贾賈夏韦韋付傅方白邹鄒孟熊秦邱江尹"
    "薛闫閻段雷侯龙龍史陶黎贺賀"
    "金戚窦竇章云雲苗凤鳳花俞费費岑薛贺倪滕殷罗毕畢安常乐樂于时時齐齊康伍元卜平黄和穆尹姚邵湛祁米"
    "贝貝明臧计計伏成宋茅庞龐纪紀舒屈项項祝梁阮季强強路娄婁危童颜顏梅盛林刁锺鍾骆駱樊凌霍虞柏水支"
    "柯管卢莫房裘解应應宗丁宣邓郁单單杭包左崔吉钮龚"
    "欧歐連连鐘佟冷阳陽桂敖晏车車裴翟谷瞿闵閔糜习習鹿楚冉宫宮屠仇甘景詹耿關关牛解边邊鮑鲍尤游柴蒲"
    "申饒饶艾葛包"
    "蔡易储儲赖賴巫焦聂聶晁殷佘占湛乔喬慎沙边辜辛那佴郗晏干隋穆麦麥"
    "顾顧毛郝龚龔邵万萬钱錢严嚴覃武戴莫孔向汤湯柳游辛蓝藍翁施洪涂柯简簡詹庄莊温溫"
)
_DOUBLE = "欧阳|歐陽|司马|司馬|诸葛|諸葛|上官|东方|东郭|皇甫|令狐|慕容|张简|張簡"
_CHINESE_NAME = (
    r"(?:(?!谢谢|謝謝|高兴|高興|方便|常用|时间|時間|包裹|黄色|白色|金色|蓝色)"
    rf"(?:(?:{_DOUBLE})[{HAN}]{{1,2}}|[{_SURNAMES}][{HAN}]{{1,2}}))"
)
_NO_CHINESE = r"(?![你他她它了们的是有要想不没很在好会能可])"
_KANA = r"\u3041-\u30ff々"
_JAPANESE_NAME = rf"[{HAN}々]{{1,4}}[\s]{{0,2}}[{HAN}{_KANA}]{{1,5}}"


def _rule(pattern: str, replace: str = r"\1<NAME>") -> tuple[re.Pattern[str], str]:
    return re.compile(pattern), replace


_PATTERNS: Final = (
    _rule(rf"(我叫|我的名字(?:是|叫)|名字[是叫为:]|姓名\s*[是为為:]|收件人\s*[是为為:]?|"
          rf"收货人\s*[是为:]?|收貨人\s*[是為:]?|联系人\s*[是为:]?|"
          rf"聯絡人\s*[是為:]?|持卡人\s*[是:]?|"
          rf"署名\s*[::]?)\s*{_NO_CHINESE}[{HAN}]{{2,4}}?(?![{HAN}])"),
    _rule(rf"(我叫|我的名字是|姓名|收件人|收货人|联系人|收貨人|"
          rf"聯絡人)([\s是为為:]*){_NO_CHINESE}{_CHINESE_NAME}", r"\1\2<NAME>"),
    _rule(rf"(我叫|我的名字是|姓名[:是]|收件人[:是])\s*{_NO_CHINESE}[{HAN}]{{2,3}}"),
    _rule(rf"(我是|我姓|敝姓|这是|這是|找|叫|是){_CHINESE_NAME}(?=[,,。.!!??、\s]|"
          rf"$)(?<!的)(?<!了)(?<!吗)(?<!嗎)(?<!色)"),
    _rule(rf"((?:你好|您好|亲爱的|親愛的|尊敬的|嗨|哈[喽啰]|敬爱的|hi|"
          rf"hello)[,,、\s]*){_CHINESE_NAME}(?=[,,::!!。、\s]|$)"),
    _rule(rf"(^|[\n,,。!??]\s*){_CHINESE_NAME}(?=\s*(?:您好|你好|先生|女士|小姐|太太|敬上|拜上|"
          rf"上$|敬启|敬啟))"),
    _rule(rf"{_CHINESE_NAME}(?=先生|女士|小姐|太太|老师|老師|师傅|經理|经理)|[{_SURNAMES}](?=先生|"
          rf"女士|小姐|太太)", "<NAME>"),
    _rule(rf"((?:谢谢|謝謝|多谢|多謝|感谢|感謝|此致|敬礼|敬禮|祝好|敬上|顺祝商祺|顺颂商祺|"
          rf"thanks)[,,!!。~\s]*){_CHINESE_NAME}\s*[。.]?$"),
    _rule(rf"(\n\s*){_CHINESE_NAME}\s*$"),
    _rule(rf"(?<![お皆])(?!お|皆|客|奥様|お客)(?:{_JAPANESE_NAME}|[{HAN}]{{2,4}})(?=さん|様|さま|"
          rf"殿|氏(?!名))", "<NAME>"),
    _rule(rf"((?:名前|氏名|お名前)\s*(?:は|:)?\s*)(?:{_JAPANESE_NAME}|"
          rf"[{HAN}{_KANA}]{{2,8}}?)(?=です|と|$|[\s、。をで])"),
    _rule(rf"(?:{_JAPANESE_NAME}|[{HAN}]{{2,5}}|[{HAN}]{{1,3}}\s[{HAN}]{{1,3}})(?=より\s*$|"
          rf"と申します|と言います|といいます)", "<NAME>"),
    _rule(rf"((?:お願いします|お願い致します|お願いいたします|敬具|ありがとうございます|"
          rf"よろしく)[。.!!、]*\s*)(?:[{HAN}々]{{1,3}}\s{{0,2}}[{HAN}{_KANA}]{{1,4}})\s*$"),
)  # fmt: skip


def without_asian_names(text: str) -> str:
    """The text without names after 我叫 or 姓名, before 先生 or 様, in greetings and at the end.

    >>> without_asian_names("你好,我叫王小明")
    '你好,我叫<NAME>'
    """
    for pattern, replace in _PATTERNS:
        text = pattern.sub(replace, text)
    return text
