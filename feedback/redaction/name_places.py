"""Words next to which people's names stand: greetings, closings, titles, "my name is".

Each is a part of a pattern: alternatives, parted by `|`.
"""

import re
from typing import Final

GREETINGS: Final = (
    r"hi|hello|hey|hiya|heya|dear|greetings|good morning|good afternoon|good evening|good day|"
    r"morning|"
    r"hallo|liebe|lieber|liebes|sehr geehrte|sehr geehrter|guten tag|guten morgen|guten abend|"
    r"moin|servus|"
    r"grüezi|bonjour|bonsoir|salut|coucou|chère|cher|hola|estimada|estimado|querida|querido|"
    r"buenos días|"
    r"buenas tardes|buenas noches|ciao|salve|gentile|gentilissimo|gentilissima|caro|cara|"
    r"buongiorno|buonasera|"
    r"hoi|beste|geachte|goedendag|goedemorgen|goedemiddag|goedenavond|dag|cześć|czesc|witam|"
    r"witaj|dzień dobry|"
    r"dobry wieczór|szanowna|szanowny|drogi|droga|hej|hejsan|hei|hallå|god dag|kära|käre|bästa|"
    r"merhaba|selam|"
    r"sayın|sayin|gunaydin|iyi gunler|chere|sevgili|günaydın|iyi günler|olá|ola|oi|prezado|"
    r"prezada|caro|bom dia|boa tarde|boa noite|namaste|"
    r"namaskar|kia ora|aloha|yo"
)
CLOSINGS: Final = (
    r"thanks|thank you|thx|thanx|ty|many thanks|thanks a lot|thanks again|thanks in advance|cheers|"
    r"(?:best|kind|warm|kindest|warmest)? ?regards|best wishes|sincerely|yours|yours sincerely|"
    r"yours truly|yours faithfully|respectfully|signed|danke|vielen dank|dankeschön|"
    r"(?:viele|beste|liebe|schöne|herzliche)? ?grüße|(?:viele|beste|liebe)? ?gruesse|gruß|gruss|"
    r"lg|vg|mfg|"
    r"(?:viele|beste|liebe|schöne|herzliche)? ?grüsse|mit freundlichen grüssen|"
    r"mit freundlichen grüßen|mit freundlichem gruß|hochachtungsvoll|merci|merci beaucoup|"
    r"cordialement|"
    r"bien cordialement|bien à vous|salutations|bonne journée|bonne soirée|amicalement|gracias|"
    r"muchas gracias|"
    r"saludos|saludos cordiales|un saludo|atentamente|cordialmente|un abrazo|grazie|grazie mille|"
    r"saluti|"
    r"cordiali saluti|distinti saluti|un saluto|bedankt|dank je|dank u|dankjewel|"
    r"met vriendelijke groet|"
    r"met vriendelijke groeten|vriendelijke groet|groet|groeten|groetjes|mvg|dziękuję|dziekuje|"
    r"dzięki|"
    r"pozdrawiam|z poważaniem|serdecznie pozdrawiam|tack|tack så mycket|hälsningar|"
    r"vänliga hälsningar|"
    r"med vänlig hälsning|med vänliga hälsningar|mvh|teşekkürler|teşekkür ederim|saygılar|"
    r"saygılarımla|"
    r"iyi günler|tesekkurler|tesekkür ederim|tesekkur ederim|saygilar|saygilarimla|iyi gunler|"
    r"gruesse|gruss|obrigado|obrigada|atenciosamente|abraços|abraço|um abraço|cumprimentos|att"
)
BARE_CLOSINGS: Final = (
    r"best|love|bests|warmly|cordially|take care|xoxo|bye"  # words of other use, too
)
ALL_CLOSINGS: Final = CLOSINGS + "|" + BARE_CLOSINGS
CALLED: Final = (
    r"my name(?:'s| is)|my names|name is|full name is|name\s*[:=]|names?\s*[:=]|"
    r"(?:name|recipient|receiver|customer|cardholder|account holder|contact(?: person)?|attn|"
    r"attention|c/o|"
    r"signed|buyer|ordered by|bill to|ship to)\s*:|(?:recipient|cardholder|account holder) is|"
    r"(?:under|in) the name(?: of)?|name on the (?:card|order|account|parcel)(?: is|:)|call me|"
    r"this is to certify that|ich heiße|ich heisse|mein name ist|mein name\s*:|ich bin der|"
    r"ich bin die|"
    r"auf den namen|je m'appelle|je m’appelle|mon nom est|mon nom\s*:|nom\s*:|au nom de|me llamo|"
    r"mi nombre es|"
    r"mi nombre\s*:|nombre\s*:|a nombre de|mi chiamo|il mio nome è|il mio nome\s*:|nome\s*:|"
    r"a nome di|ik heet|"
    r"mijn naam is|mijn naam\s*:|naam\s*:|op naam van|nazywam się|mam na imię|"
    r"moje nazwisko(?: to|\s*:)?|"
    r"moje imię(?: to|\s*:)?|imię i nazwisko\s*:|jag heter|mitt namn är|mitt namn\s*:|namn\s*:|"
    r"adım|adim|ismim|"
    r"benim adım|ad soyad\s*:|meu nome é|meu nome\s*:|me chamo|chamo-me|em nome de|"
    r"mon nom|il mio nome|mijn naam|mitt namn|meu nome|mi nombre|mein name"
)
WEAK: Final = (
    r"i am|i'm|i’m|im|this is|it's|it is|its|here is|ich bin|hier ist|je suis|c'est|soy|sono|"
    r"ik ben|jestem|"
    r"jag är|sou o|sou a|sou|speaking with|spoke to|spoke with|talked to|talked with|speak to|"
    r"speak with|"
    r"chatted with|agent|ask for|helped by|served by|wife|husband|son|daughter|brother|sister|"
    r"mother|father|"
    r"mom|dad|friend|boss|colleague|neighbour|neighbor|girlfriend|boyfriend|deliver to|send to|"
    r"deliver it to|"
    r"send it to|ship to|addressed to"
)
TITLES: Final = (
    r"mr|mrs|ms|mx|miss|dr|prof|professor|herr|herrn|frau|fräulein|monsieur|mme|mlle|mademoiselle|"
    r"señor|señora|señorita|sr|sra|srta|signor|signora|signore|sig|sig\.ra|dott|dott\.ssa|dottor|"
    r"dhr|mevr|"
    r"mevrouw|meneer|pani|fru|bayan|senhor|senhora|shri|smt|kumari|captain|rev|sir|lady"
)

ASKED_WORDS: Final = frozenset(
    re.findall(
        r"\w+",
        "name names recipient receiver customer cardholder holder contact attn attention signed "
        "buyer call go "
        "heiße heisse namen bin appelle nom llamo nombre chiamo nome heet naam nazywam imię "
        "nazwisko "
        "heter namn "
        "adım adim ismim ad chamo certify bill o",
    )
)
