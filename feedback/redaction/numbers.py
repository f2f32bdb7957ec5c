"""Structured personal values: e-mail, cards, identity numbers, birth dates, plates, IP, orders."""

import re
from typing import Final

import phonenumbers

from feedback.redaction.checks import chinese_id_holds, luhn_holds
from feedback.redaction.rules import LazyPattern, Rule, cued

REGIONS: Final = ("US", "CN", "GB", "DE")  # numbering plans tried where a number names no country

CARD_WORDS: Final = (
    "card|cards|visa|mastercard|amex|maestro|credit|debit|karte|kreditkarte|carte|tarjeta|carta|"
    "cartão|kaart|karta|kartą|kort|kortet|kart|kartın|cc|银行卡|信用卡|卡片|卡|カード|卡號"
)
_MONTHS = (
    "jan|feb|fev|fév|mar|mär|maa|apr|avr|abr|kwi|may|mai|mag|maj|mei|jun|juin|giu|cze|haz|jul|juil|"
    "lug|lip|tem|aug|aoû|ago|ağu|sie|sep|set|wrz|eyl|oct|okt|out|ott|paź|eki|nov|lis|kas|dec|dez|"
    "dic|déc|gru|ara|ene|gen|oca|sty|lut|şub|nis"
)
_MONTH = rf"(?:{_MONTHS})[^\W\d]{{0,7}}\.?"
_DAY = r"\d{1,2}(?:st|nd|rd|th|er|º|\.)?"
_OF = r"\s*(?:of\s+|de\s+|del\s+)?"
DATE_FORMS: Final = (
    r"\d{1,4}\s?[./\-年]\s?\d{1,2}\s?[./\-月]\s?\d{1,4}(?:\s?日)?"
    rf"|{_DAY}{_OF}{_MONTH}(?:,?{_OF}\d{{2,4}})?|{_MONTH}\s+{_DAY}(?:,?\s+\d{{2,4}})?"
    r"|(?:19|20)\d{6}(?!\d)"
)
_BORN = r"(?:19\d\d|200\d|201[0-2])"  # the years in which somebody who shops was born
_EXPIRY = r"(?<!\d)(?:0?[1-9]|1[0-2])\s?[/\-.]\s?(?:20)?\d\d(?![\d/.\-]\d)"
_NEAR = r"[^\d\n<]{0,40}?"  # between a card's cue and its number
_IDENTITY = (
    r"(?=[A-Z0-9 ./\-]*\d)[A-Z]{0,6}[ -]?\d[\dA-Z]*(?:[ ./\-]{1,2}[\dA-Z]*\d[\dA-Z]*)*"
    r"(?:[ -][A-Z](?![A-Z]))?(?:\(\w\))?"
)
_PLATE = (
    # Letters and digits of every plate we know, so that "plates for 4" is none.
    r"(?=(?:(?-i:[A-ZÄÖÜ]{1,4})[ ·-]?|[a-z]{1,3})\d|\d{1,4}[ -]?[A-Z]{1,4}[ -]?\d|"
    r"\d{4}[ -]?[A-Z]{3}(?![A-Z])|\d{2,3}[ -]\d{2,4}(?!\d)|\d{3,4}[ -][A-Z0-9]{2,3}(?![A-Z])|"
    r"\d-\d{4,5}(?!\d)|\d{1,3}[A-Z]{1,3}[ -][A-Z0-9]"
    r"|\d[A-Z]{3}|(?-i:[A-ZÄÖÜ]{1,3}-[A-ZÄÖÜ]{1,2}[ -]?\d)|[\u3041-\u9fff]{1,4}\s?\d)"
    r"[A-ZÄÖÜ0-9\u3041-\u9fff]{1,8}(?:[ ·•.-]{1,2}(?=[A-Z0-9]*\d|[A-Z]{1,3}(?![A-Z]))[A-Z0-9]{1,7}|"
    r"\s?[\u3041-\u3093]\s?(?=\d)){0,3}"
)


def _card(match: re.Match[str]) -> str:
    """The longest beginning that is a card's number goes: what follows may be its expiry."""
    digits = [place for place, char in enumerate(match.group()) if char.isdigit()]
    for count in range(min(len(digits), 19), 12, -1):
        number = "".join(match.group()[place] for place in digits[:count])
        if luhn_holds(number) and number.strip("0"):
            return "<CARD>" + match.group()[digits[count - 1] + 1 :]
    return match.group()


def _chinese_id(match: re.Match[str]) -> str:
    return "<ID>" if chinese_id_holds(re.sub(r"\s", "", match.group())) else match.group()


# Chinese puts no space around an address, and its characters are letters to \w.
BEFORE_IP = r"(?<![0-9A-Za-z_])(?<![0-9a-f]:)"
AFTER_IP = r"(?![0-9A-Za-z_:])"
_OCTET = r"(?:25[0-5]|2[0-4]\d|1?\d?\d)"

EMAILS: Final = (
    Rule(LazyPattern(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"),
         "<EMAIL>", sign="@"),
    # What is written in other letters: the whole word around the sign goes.
    Rule(LazyPattern(r"[^\s@<>]+@[^\s@<>]*\.[^\s@<>]+"), "<EMAIL>", sign="@"),
)  # fmt: skip

_ORDER_WORDS = (
    "order|orders|bestellung|bestellnummer|auftrag|commande|pedido|ordine|bestelling|zamówienie|"
    "zamówienia|beställning|ordernummer|sipariş|encomenda|invoice|rechnung|tracking"
)
# "order 150 mugs" counts things; a number of three or four digits is an order's with a sign, or
# where no thing follows.
_NO_THING = (
    r"(?=\s*(?:$|[?!,;:()\n。?!,]|\.(?!\d))"
    r"|\s+(?:is|was|has|hasn't|isn't|still|not|never|arrived|came|please|and|but|yet|"
    r"from|shows|says|status|delivered|shipped|ist|est|es|è|wurde|kam)\b)"
)
_BEFORE_COUNT = r"(?<!\bto )(?<!\bi )(?<!\bwe )(?<!\bcan )(?<!\bplease )"

ORDERS: Final = (
    Rule(LazyPattern(
        rf"(\b(?:{_ORDER_WORDS})\s*(?:(?:number|num|no\.?|nr\.?|id|n°|nº|numéro|número|numero)"
        r"\s*(?:is|was|:)?\s*[:#]?\s*#?|[:#]\s*#?|(?:is|was)\s+)"
        r"|订单(?:编?号)?\s*(?:是|为)?\s*[::#]?\s*|訂單(?:編?號)?\s*(?:是|為)?\s*[::#]?\s*"
        r"|[单單][号號]\s*(?:是|为|為)?\s*[::#]?\s*|注文番号\s*は?\s*[::#]?\s*"
        r"|(?<!part )(?<!model )(?<!item )(?<!size )(?<!style )(?<!sku )(?<!serial )\#)"
        r"(?:[A-Za-z]{1,4}-?)?\d{3,20}(?![\d.]\d)", re.I), r"\1<ORDER>", digits=True),
    Rule(LazyPattern(
        rf"(\b(?:{_ORDER_WORDS})\s+)(?:[A-Za-z]{{1,4}}-?\d{{3,20}}|\d{{5,20}})(?![\d.]\d)", re.I),
        r"\1<ORDER>", digits=True),
    Rule(LazyPattern(rf"{_BEFORE_COUNT}(\b(?:{_ORDER_WORDS})\s+)\d{{3,4}}{_NO_THING}", re.I),
         r"\1<ORDER>", digits=True),
)  # fmt: skip

BIRTHS: Final = (
    cued("born|birth|birthday|birthdate|dob|b-day|geboren|geburtsdatum|geburtstag|naissance|né|née|"
         "anniversaire|nacido|nacida|nacimiento|nací|cumpleaños|nascita|nato|nata|compleanno|"
         "geboortedatum|verjaardag|urodzenia|urodzony|urodzona|urodziny|född|födelsedatum|"
         "födelsedag|doğum tarihi|doğum|doğumlu|doğum günüm|nascimento|nascido|nascida|aniversário|"
         "出生日期|出生|生日|生于|生於|生年月日|誕生日", rf"(?:on |am |le |el |il |op |em )?"
         rf"(?:{DATE_FORMS}|\d{{6}}(?!\d))", "<DATE>"),
    Rule(LazyPattern(rf"(?<!\d)(?:\d{{1,2}}\s?[./\-]\s?\d{{1,2}}\s?[./\-]\s?{_BORN}"
                    rf"|{_BORN}\s?[./\-年]\s?\d{{1,2}}\s?[./\-月]\s?\d{{1,2}}\s?日?"
                    rf"|{_DAY}{_OF}{_MONTH},?{_OF}{_BORN}|{_MONTH}\s+{_DAY},?\s+{_BORN})(?!\d)",
                    re.I), "<DATE>", digits=True),
)  # fmt: skip

CARDS: Final = (
    Rule(LazyPattern(r"(?<![\d-])(?:\d[\s.-]{0,2}){12,18}\d(?![\d-])"), _card, digits=True),
    Rule(LazyPattern(r"(?:[*•·xX]{2,}[\s-]*)+\d{4}(?!\d)"), "<CARD>", digits=True),
    cued(f"{CARD_WORDS}|exp|expiry|expires|expiration|valid thru|good thru",
         _EXPIRY, "<CARD>", link=_NEAR),
    cued("gültig bis|valable jusqu'au|válida hasta|válido até|valida fino al|geldig tot|ważna do|"
         "giltigt till|son kullanma|有效期|有效期限|有効期限", _EXPIRY, "<CARD>"),
    Rule(LazyPattern(rf"(<CARD>\W{{0,3}}){_EXPIRY}"), r"\1<CARD>", digits=True),
    cued("ending|ends in|ends with|last four|last 4|last digits|endet auf|endend auf|endziffern|"
         "letzte vier|letzten vier|se terminant|terminant par|termine par|derniers chiffres|"
         "terminada en|termina en|acaba en|últimos cuatro|termina con|finisce con|"
         "ultime quattro|eindigt op|eindigend op|laatste vier|kończy się|końcówka|slutar på|"
         "sista fyra|son dört|son 4|com final|final|terminado em|últimos quatro|尾号|尾號|末四位|"
         "末四碼|后四位|後四碼|下四桁|下4桁",
         r"(?<!\d)\d{4}(?![\d.,:]\d|\d)", "<CARD>", link=_NEAR),
    cued("cvv|cvv2|cvc|cvc2|cvn|cid|csc|security code|verification value|prüfziffer|prüfnummer|"
         "kartenprüfnummer|sicherheitscode|cryptogramme|code de sécurité|código de seguridad|"
         "codice di sicurezza|beveiligingscode|kod cvv|kod bezpieczeństwa|säkerhetskod|"
         "güvenlik kodu|código de segurança|安全码|安全碼|验证值|セキュリティコード",
         r"(?<!\d)\d{3,4}(?!\d)", "<CARD>", link=_NEAR),
)  # fmt: skip

IDENTITY: Final = (
    Rule(LazyPattern(r"(?<![\dA-Za-z])\d{6}\s?\d{8}\s?\d{3}[\dXx](?![\dA-Za-z])"), _chinese_id,
         digits=True),
    Rule(LazyPattern(r"(?<!\d)\d{3}[- .]\d{2}[- .]\d{4}(?!\d)"), "<ID>", digits=True),
    Rule(LazyPattern(
        r"(?<![A-Za-z0-9])(?:[A-Z]{2}\s?\d{2}\s?\d{2}\s?\d{2}\s?[A-D]"  # National Insurance
        r"|[XYZ]-?\d{7}-?[A-Z]|\d{8}-?[A-HJ-NP-TV-Z]"  # NIE, DNI
        r"|[A-Z]{6}\d{2}[A-Z]\d{2}[A-Z]\d{3}[A-Z]"  # codice fiscale
        r"|[A-Z]{5}\d{4}[A-Z]|[A-Z]{4}\d{6}[HM][A-Z]{5}[A-Z\d]\d"  # PAN, CURP
        r"|\d{3}\.\d{3}\.\d{3}-\d{2}|\d{6}(?:\d{2})?[-+]\d{4}|\d{6}-\d{7}"  # CPF, Nordic, RRN
        r"|756\.\d{4}\.\d{4}\.\d{2}|[A-Z]{1,2}\d{6}\([\dA]\)"  # AHV, Hong Kong
        r"|[A-Z]{1,3}\d{6,9})(?![A-Za-z0-9])", re.I), "<ID>", digits=True),  # passports, Taiwan
    Rule(LazyPattern(r"(?<![A-Za-z0-9])[A-Z]{2}\d{2}(?:\s?[A-Z0-9]{4}){2,7}(?:\s?[A-Z0-9]{1,3})?"
                    r"(?![A-Za-z0-9])"), "<ACCOUNT>", digits=True),  # IBAN
    cued("passport|passport number|passport no|reisepass|passnummer|passeport|pasaporte|passaporto|"
         "paspoort|paspoortnummer|paszport|paszportu|pass|pasaport|passaporte|护照|護照|护照号|"
         "パスポート|パスポート番号|ssn|social security|national id|national insurance|nino|"
         "id number|id card|identity number|identity card|tax id|tin|driver's license|"
         "driving licence|aadhaar|aadhar|pan|personalausweis|ausweis|ausweisnummer|steuer-id|"
         "sozialversicherungsnummer|sécurité sociale|numéro de sécurité sociale|insee|"
         "carte d'identité|dni|nie|nif|codice fiscale|carta d'identità|bsn|"
         "burgerservicenummer|pesel|dowód osobisty|nip|personnummer|tc kimlik no|tc kimlik|kimlik|"
         "cpf|rg|cnpj|身份证|身份證|身份证号|身分證|身分證字號|マイナンバー|免許証|"
         "account number|account id|account no|customer id|user id|member id|"
         "customer number|member number|iban|sort code|routing number|"
         "kundennummer|kontonummer|客户号|会员号|账号|帳號", _IDENTITY, "<ID>"),
)  # fmt: skip

PLATES: Final = (
    Rule(LazyPattern(r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼]\s?[A-Z]"
                    r"[\s·•.-]?(?=[A-Z0-9]*\d)[A-Z0-9]{5,6}(?![A-Z0-9])"
                    r"|[\u3041-\u9fff]{0,5}\s?\d{2,3}\s?[\u3041-\u3093]\s?\d{2}-\d{2}(?!\d)"),
         "<PLATE>", digits=True),
    Rule(LazyPattern(
        r"(?<![\w-])(?:[A-ZÄÖÜ]{1,3}-[A-ZÄÖÜ]{1,2}[ -]?\d{1,4}[EH]?"  # Germany
        r"|[A-Z]{2}\d{2}\s?[A-Z]{3}|[A-Z]{2}[- ]?\d{3}[- ]?[A-Z]{2}"  # Britain, France, Italy
        r"|\d{2}\s[A-Z]{1,3}\s\d{2,4}|[A-Z]{3}-?\d[A-Z]\d{2}"  # Turkey, Brazil
        r"|[A-Z]{2}[ -]?\d{1,2}[ -]?[A-Z]{1,3}[ -]?\d{4}"  # India
        r"|(?:[A-Z]{2}|\d{2})-(?:[A-Z]{2,3}|\d{2,3})-(?:[A-Z]{1,2}|\d{1,2}))(?![\w-])"),
        "<PLATE>", digits=True),
    cued("plate|plate number|license plate|licence plate|license|registration|reg|reg no|"
         "kennzeichen|nummernschild|immatriculation|plaque|matrícula|targa|kenteken|nummerplaat|"
         "rejestracja|tablica rejestracyjna|registreringsnummer|regnummer|reg.nr|plaka|plakam|"
         "placa|车牌|车牌号|車牌|車牌號碼|ナンバープレート|ナンバー", _PLATE, "<PLATE>"),
)  # fmt: skip

HOSTS: Final = (
    Rule(LazyPattern(rf"(?<![\d.])(?:{_OCTET}\.){{3}}{_OCTET}(?![\d.]\d)(?!\d)"), "<IP>",
         digits=True),
    Rule(LazyPattern(rf"{BEFORE_IP}(?:[0-9a-f]{{1,4}}:){{7}}[0-9a-f]{{1,4}}{AFTER_IP}", re.I),
         "<IP>", sign=":"),
    Rule(LazyPattern(
        rf"{BEFORE_IP}(?:[0-9a-f]{{1,4}}:){{1,6}}(?::[0-9a-f]{{1,4}}){{1,6}}{AFTER_IP}", re.I),
        "<IP>", sign=":"),
    Rule(LazyPattern(r"(?<![0-9A-Za-z])(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}(?![0-9A-Za-z])", re.I),
         "<IP>", digits=True),
    Rule(LazyPattern(r"-?\d{1,3}\.\d{4,},\s*-?\d{1,3}\.\d{4,}"), "<ADDRESS>", digits=True),
)  # fmt: skip

CHINESE_MOBILE: Final = Rule(
    LazyPattern(r"(?<!\d)(?:\+?86[\s-]?)?1[3-9]\d(?:[\s-]?\d{4}){2}(?!\d)"), "<PHONE>", digits=True
)
LONG_NUMBER = re.compile(r"(?:\d[^\w\n]{0,3}){6}\d")
PHONE_CUE = re.compile(
    r"\b(phone|call|tel|mobile|cell|whatsapp|text me|handy|telefon\w*|téléphone|portable|teléfono|"
    r"móvil|telefono|cellulare|mobiel|numer|mobil|cep|telefone|celular)\b|电话|電話|手机|手機|"
    r"微信|致电",
    re.I,
)


def without_phones(text: str) -> str:
    """The text without telephone numbers, valid ones, and possible ones near a cue."""
    if not LONG_NUMBER.search(text):
        return text  # no numbering plan has shorter numbers; most messages end here
    leniency = (
        phonenumbers.Leniency.POSSIBLE if PHONE_CUE.search(text) else phonenumbers.Leniency.VALID
    )
    for region in REGIONS:
        found = list(phonenumbers.PhoneNumberMatcher(text, region, leniency))
        for match in reversed(found):
            text = text[: match.start] + "<PHONE>" + text[match.end :]
    return text
