"""A mail's own words: without the signature, the mails it quotes and the lines of mail programs.

Signatures hold names, telephone numbers and addresses; what is quoted was said elsewhere already.
"""

import re
from typing import Final

from feedback.redaction import CLOSING_WORDS

_QUOTED: Final = re.compile(r"\s*[>|＞]")
# Whatever stands from such a line on is no word of this mail.
_CUT: Final = re.compile(
    r"\s*(?:--|—|__+|={3,}|-{3,}|\*{3,})\s*$"
    r"|\s*[-_*=]*\s*(?:original message|forwarded message|begin forwarded message|"
    r"ursprüngliche nachricht|"
    r"weitergeleitete nachricht|original-nachricht|message d'origine|message transféré|"
    r"mensaje original|"
    r"mensaje reenviado|messaggio originale|messaggio inoltrato|oorspronkelijk bericht|"
    r"doorgestuurd bericht|wiadomość oryginalna|ursprungligt meddelande|mensagem original|"
    r"orijinal ileti|原始邮件|原始郵件|转发的邮件|轉寄郵件|元のメッセージ)\s*[-_*=:]*\s*$"
    r"|\s*(?:on|am|le|el|il|op|den|em|w dniu|dnia|στις)\b.{4,200}\b(?:wrote|writes|schrieb|"
    r"a écrit|escribió|"
    r"ha scritto|schreef|skrev|escreveu|napisał\w*|yazdı)\b.{0,40}:\s*$"
    r"|.{4,120}(?:写道|寫道|のメール)\s*[::]\s*$"
    r"|\s*(?:sent from my|sent with|sent via|sent from|get outlook for|von meinem .* gesendet|"
    r"gesendet mit|"
    r"gesendet von|envoyé de(?:puis)? mon|envoyé à partir de|enviado desde mi|enviado do meu|"
    r"inviato da(?:l mio)?|verzonden vanaf|verstuurd vanaf|wysłane z|wysłano z|skickat från|"
    r"iphone'umdan gönderildi|发自我的|发自|從我的.{1,12}傳送|iphoneから送信).{0,60}$",
    re.I,
)
_SENDER: Final = re.compile(
    r"\s*\*?(?:from|von|de|da|van|od|från|gönderen|kimden|发件人|寄件者|寄件人|"
    r"差出人)\s*\*?\s*[::]",
    re.I,
)
_HEADER: Final = re.compile(
    r"\s*\*?(?:sent|date|to|subject|cc|gesendet|datum|an|betreff|envoyé|à|objet|enviado|fecha|para|"
    r"asunto|inviato|data|a|oggetto|verzonden|aan|onderwerp|wysłano|do|temat|skickat|till|ämne|"
    r"assunto|"
    r"tarih|kime|konu|发送时间|收件人|主题|日期|寄件日期|收件者|主旨|送信日時|宛先|"
    r"件名)\s*\*?\s*[::]",
    re.I,
)
_CLOSING: Final = re.compile(
    rf"\s*(?:{CLOSING_WORDS}|此致|敬上|祝好|祝商祺|顺颂商祺|順頌商祺|以上|敬具)(?:\s+(?:and|from|"
    rf"aus|de)\s.{{1,40}})?"
    r"\s*[,,.!!。~–—-]*\s*",
    re.I,
)
# "Thanks" may stand in the middle; a signature under it is short and asks nothing.
_SIGNED_LINES: Final = 6
_SIGNED_CHARS: Final = 60


def own_words(text: str) -> str:
    r"""The mail's text without what is quoted and signed.

    >>> own_words("Where is it?\n\nBest regards,\nAna Fontaine\nHome Ltd")
    'Where is it?'
    >>> own_words("Yes please.\n\nOn 3 May 2026 Tom Becker wrote:\n> Shall we send another?")
    'Yes please.'
    """
    lines = [line for line in text.splitlines() if not _QUOTED.match(line)]
    kept: list[str] = []
    for at, line in enumerate(lines):
        if _CUT.match(line) or _starts_header(lines, at):
            break
        if _is_split_attribution(lines, at):
            break
        if kept and _CLOSING.fullmatch(line) and _is_signature(lines[at + 1 :]):
            break
        kept.append(line)
    return "\n".join(kept).strip()


def _starts_header(lines: list[str], at: int) -> bool:
    """ "From:" with "Sent:", "To:" or "Subject:" right below it."""
    below = [line for line in lines[at + 1 : at + 4] if line.strip()]
    return bool(_SENDER.match(lines[at])) and any(_HEADER.match(line) for line in below)


def _is_split_attribution(lines: list[str], at: int) -> bool:
    """Mail programs break "On … wrote:" over two lines."""
    return (
        len(lines[at]) > 20
        and bool(_CUT.match(" ".join(lines[at : at + 2])))
        and (lines[at + 1 : at + 2] != [] and lines[at + 1].rstrip().endswith((":", "：")))
    )


def _is_signature(lines: list[str]) -> bool:
    """Short lines up to where the mail ends or a quotation begins, without a question."""
    own = []
    for line in lines:
        if _CUT.match(line):
            break
        if line.strip():
            own.append(line)
    asked = any(line.rstrip().endswith(("?", "？")) for line in own)
    return not asked and len(own) <= _SIGNED_LINES and all(len(one) <= _SIGNED_CHARS for one in own)
