"""Postal addresses: streets by their words and numbers, towns by their codes, lines after a cue."""

import re
from typing import Final

from feedback.redaction.rules import HAN, UPPER, LazyPattern, Rule, cued

_CAP = rf"[{UPPER}][\w'’.-]{{0,40}}"
_PARTICLE = (
    r"(?:de|del|della|dei|di|da|do|dos|das|du|des|la|las|le|les|los|el|y|e|et|van|von|der|den|"
    r"d['’]|l['’])"
)
_NAMED = rf"(?:{_PARTICLE}\s*)*{_CAP}(?:\s+(?:{_PARTICLE}\s+)*{_CAP}){{0,4}}"

# In English the number stands first. Words of these between it and the street's kind make it a
# count or a measure: "12 hour drive", "4 people on the road".
_NO_STREETS = (
    "hours?|hrs?|minutes?|mins?|days?|weeks?|months?|years?|people|persons?|miles?|kms?|kilometers?|"
    "meters?|inch|inches|cm|mm|feet|foot|packs?|pieces?|pairs?|sets?|times?|percent|dollars?|euros?|"
    "usd|eur|items?|mugs?|units?|of|the|a|an|in|on|to|for|at|by|is|are|was|and|or|with|from|my|your|"
    "our|his|their|this|that|these|bikes?|gb|tb|stars?|point|man|way|more|other|different|new|big|"
    "small"
)
_STREET_WORD = rf"(?!(?i:{_NO_STREETS})\b)[A-Za-z{HAN}][\w'.-]{{0,30}}\s+"
_STREET_NAME = rf"(?!(?i:{_NO_STREETS})\b){_CAP}\s+"
_NUMBERED = r"(?<![A-Za-z0-9])\d{1,6}[A-Za-z]?(?:[/-]\d{1,4})?,?\s+"
_PLAIN_STREETS = (
    "street|str|road|rd|avenue|ave|lane|boulevard|blvd|terrace|highway|hwy|crescent|parkway|pkwy|"
    "expressway|turnpike|freeway|alley|causeway|mews|gardens|nagar|marg|chowk|ganj|gali|colony|"
    "sector|salai|veedhi"
)
# Words that name other things as well: only as names, with capitals.
_OTHER_STREETS = (
    "St|Drive|Dr|Court|Ct|Square|Sq|Place|Pl|Way|Circle|Cir|Trail|Trl|Plaza|Ln|Loop|Path|Row|Walk|"
    "Close|Grove|Hill|Hills|Park|Point|Points|Ridge|Run|Valley|View|Views|Village|Vista|Green|"
    "Field|Fields|Forest|Forge|Fork|Forks|Fort|Gateway|Glen|Glens|Harbor|Harbors|Haven|Heights|"
    "Hollow|"
    "Inlet|Island|Islands|Isle|Junction|Junctions|Key|Keys|Knoll|Knolls|Lake|Lakes|Land|Landing|"
    "Light|Lights|Loaf|Lock|Locks|Lodge|Mall|Manor|Manors|Meadow|Meadows|Mill|Mills|Mission|"
    "Motorway|Mount|Mountain|Mountains|Neck|Orchard|Oval|Overpass|Parks|Parkways|Pass|Passage|"
    "Pike|Pine|Pines|Plain|Plains|Port|Ports|Prairie|Radial|Ramp|Ranch|Rapid|Rapids|Rest|Ridges|"
    "River|Roads|Route|Rue|Shoal|Shoals|Shore|Shores|Skyway|Spring|Springs|Spur|Spurs|Squares|"
    "Station|Stravenue|Stream|Streets|Summit|Throughway|Trace|Track|Trafficway|Tunnel|Underpass|"
    "Union|Unions|Viaduct|Ville|Wall|Ways|Well|Wells|Branch|Bridge|Brook|Brooks|Burg|Burgs|"
    "Bypass|Camp|Canyon|Cape|Center|Centers|Circles|Cliff|Cliffs|Club|Common|Corner|Corners|"
    "Course|Courts|Cove|Coves|Creek|Crest|Crossing|Crossroad|Curve|Dale|Dam|Divide|Drives|Estate|"
    "Estates|Extension|Extensions|Falls|Ferry|Flat|Flats|Ford|Fords|Garden|Groves|Anex|Arcade|Bay|"
    "Beach|Bend|Bluff|Bluffs|Bottom|Path|Road|Street|Avenue|Lane|Esplanade|Parade|Promenade|"
    "Circuit|Quay|Reserve|Quadrant|Concourse|Bazar|Chauk|Zila|Circle"
)
_FLAT = (
    r"(?:[,\s]+(?:apt|apartment|suite|ste|unit|flat|studio|box|room|floor|no)\.?\s*#?\s*\w{1,6})?"
)
_TOWN = (
    rf"(?:\s*,?\s*\n?\s*{_CAP}(?:\s+{_CAP}){{0,3}}\s*[,\s-]\s*(?:[A-Z]{{2}}\s+)?"
    r"\d{5,6}(?:-\d{4})?)?"
)
_POSTCODE_GB = r"[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2}"

# Where the kind of street comes first, as in rue, calle, via and ulica.
_FIRST = (
    "rue|avenue|av\\.|bd|boulevard|chemin|allée|impasse|quai|place|route|square|passage|cours|"
    "calle|"
    "c/|avenida|avda\\.?|plaza|paseo|camino|carretera|ronda|callejón|cuesta|glorieta|vial|acceso|"
    "urbanización|viaducto|eje vial|privada|andador|prolongación|periférico|circuito|cerrada|"
    "retorno|"
    "continuación|corredor|diagonal|calzada|ampliación|circunvalación|peatonal|rambla|pasadizo|"
    "pasaje|cañada|via|viale|piazza|corso|vicolo|largo|strada|contrada|"
    "borgo|rotonda|incrocio|canale|stretto|rua|travessa|praça|alameda|estrada|rodovia|viaduto|"
    "ladeira|"
    "jardim|vila|aeroporto|campo|chácara|colônia|condomínio|conjunto|distrito|esplanada|estação|"
    "favela|"
    "fazenda|feira|lago|lagoa|loteamento|morro|núcleo|parque|passarela|pátio|quadra|recanto|"
    "residencial|setor|sítio|trecho|trevo|vale|vereda|viela|ulica|ul\\.|aleja|al\\.|plac|pl\\.|"
    "os\\."
)
_FIRST_GERMAN = "am|an der|an den|auf dem|im|in der|zum|zur"
# Where it ends the street's name, as in Hauptstraße, Kerkstraat and Storgatan.
_LONG_ENDINGS = (
    "straße|strasse|strasze|allee|gasse|chaussee|promenade|straat|laan|plein|gracht|kade|singel|"
    "gatan|vägen|gränd|torget|stigen|allén|vej|gade|veien|dreef|boulevard"
)
_SHORT_ENDINGS = "str\\.|weg|platz|ring|damm|ufer|hof|pad|steeg|dijk|baan|gata|väg|stig|gård"
_HOUSE = r"\d{1,5}(?:\s?[a-zA-Z](?![\w]))?(?:\s?[-/]\s?\d{1,4}\w?)?(?![\d.,]*\s?(?:€|%|eur|x\b))"
_POSTAL_TOWN = (
    rf"(?:\s*[,\n]\s*(?:[A-Z]{{1,2}}-)?(?:\d{{4}}\s?[A-Z]{{2}}|\d{{2}}-\d{{3}}|\d{{3}}\s?\d{{2}}|"
    rf"\d{{5}}(?:-\d{{3}})?|\d{{8}})\s*,?\s+{_CAP}(?:[\s-]{_CAP}){{0,3}}(?:\s*[,(]\s*\w+\)?)?)?"
)

_CUES = (
    "address|addresses|adresse|anschrift|lieferadresse|rechnungsadresse|dirección|domicilio|"
    "indirizzo|"
    "adres|bezorgadres|adress|leveransadress|endereço|morada|adresim|teslimat adresi|ship to|"
    "deliver to|send it to|地址|收货地址|收貨地址|收件地址|寄到|送到|住所|お届け先"
)

ADDRESSES: Final = (
    Rule(LazyPattern(r"\b(?:studio|flat|apartment)\s+\d{1,4}\w?\s*[,\n][^\n!?]{3,40}"
                    r"(?:\n[^\n!?]{2,40}){0,2}", re.I), "<ADDRESS>", digits=True),
    cued(_CUES, r"(?=[^!?]{0,120}\d)(?:\d{1,5}\w?\n)?[^\n!?]{4,120}"
         r"(?:(?:\n[^\n!?]{1,60}){0,2}\n[^\n!?]{0,60}\d[^\n!?]{0,30}"
         rf"(?:\n(?:'s-)?{_CAP}(?:[ -]{_CAP}){{0,2}}(?=\s*$))?)?", "<ADDRESS>",
         link=r"(?:\s+(?:is|was|ist|lautet|est|es|è|to|jest|är|é)\b\s*:?|\s*[:：=]|\s*(?:是|为|"
              r"為|は))\s*"),
    Rule(LazyPattern(rf"{_NUMBERED}(?:{_STREET_WORD}){{1,4}}(?:{_PLAIN_STREETS})(?![A-Za-z])\.?"
                    rf"{_FLAT}{_TOWN}", re.I), "<ADDRESS>", digits=True),
    Rule(LazyPattern(rf"{_NUMBERED}(?:{_STREET_NAME}){{1,3}}"
                    rf"(?:{_OTHER_STREETS}|{_OTHER_STREETS.upper()})(?![A-Za-z])\.?"
                    rf"(?i:{_FLAT}){_TOWN}"), "<ADDRESS>", digits=True),
    Rule(LazyPattern(rf"(\b(?:at|to)\s+){_NUMBERED}(?:{_STREET_WORD}){{1,2}}"
                    r"(?:st|drive|dr|court|ct|square|place|pl|way|close|grove|park)\b", re.I),
         r"\1<ADDRESS>", digits=True),
    Rule(LazyPattern(r"\b(?:H\.?\s?No\.?|House No\.?|Flat No\.?|"
                    r"Plot No\.?)\s*\d[\w/-]*[^\n!?]{0,80}", re.I),
         "<ADDRESS>", digits=True),
    Rule(LazyPattern(rf"\b(?:{_CAP}\s+){{1,4}}(?:{_OTHER_STREETS})(?i:[,\s]+(?:apt|suite|studio|"
                    rf"flat|unit)\.?\s*#?\d\w*){_TOWN}"),
         "<ADDRESS>", digits=True),
    Rule(LazyPattern(rf"(\b(?i:live|lives|living|moved|deliver|ship|send|sent)(?: it)? (?:at|to) )"
                    rf"\d{{1,5}}[a-z]?,? {_CAP}(?:[ ,]+{_CAP}){{1,4}}"),
         r"\1<ADDRESS>", digits=True),
    Rule(LazyPattern(r"\bp\.?\s?o\.?\s?box\s*#?\d+", re.I), "<ADDRESS>", digits=True),
    Rule(LazyPattern(r"(?:\b(?:unit|psc|uss|usns|usnv|usnss|"
                    r"usc?gc)\s[\w ]{1,30},?(?:\s*box \d+)?\s*)?"
                    r"\b[AFD]PO\s+A[AEP]\s+\d{5}", re.I), "<ADDRESS>", digits=True),
    Rule(LazyPattern(rf"\b{_CAP}(?:\s+{_CAP}){{0,2}},\s*(?:[A-Z]{{2}}\s+\d{{5}}(?:-\d{{4}})?|"
                    rf"(?:ACT|NSW|VIC|QLD|TAS|SA|WA|NT),?\s+\d{{4}})(?!\d)"),
         "<ADDRESS>", digits=True),
    Rule(LazyPattern(rf"(?<![A-Za-z0-9]){_POSTCODE_GB}(?![A-Za-z0-9])"), "<ADDRESS>", digits=True),
    Rule(LazyPattern(r"(?<![A-Za-z0-9])[ABCEGHJ-NPRSTVXY]\d[A-Z]\s?\d[A-Z]\d(?![A-Za-z0-9])"),
         "<ADDRESS>", digits=True),
    # rue de la Paix 5; 5, rue de la Paix; Calle de Goya, 12
    Rule(LazyPattern(rf"\b\d{{1,5}}\s?(?:bis|ter|"
                    rf"[a-zA-Z])?,?\s+(?:(?i:{_FIRST}))\s+{_NAMED}{_POSTAL_TOWN}"),
         "<ADDRESS>", digits=True),
    Rule(LazyPattern(rf"(?<!\w)(?:(?i:{_FIRST}|{_FIRST_GERMAN}))\s+{_NAMED}\s*,?\s*(?i:n[.º°or]*\s*)?{_HOUSE}"
                    rf"(?i:(?:\s*,?\s*(?:appartamento|piano|interno|piso|apt|apto|puerta|esc|m|"
                    rf"lok)\.?\s*\w{{1,4}})?)"
                    rf"{_POSTAL_TOWN}"), "<ADDRESS>", digits=True),
    Rule(LazyPattern(rf"(?<!\w)(?:(?i:rue|boulevard|chemin|impasse|calle|ulica|ul\.|rua|viale|"
                    rf"piazza))\s+"
                    rf"(?:{_PARTICLE}\s*)*{_CAP}(?:\s+{_CAP}){{0,2}}"), "<ADDRESS>",
         frozenset({"rue", "boulevard", "chemin", "impasse", "calle", "ulica", "ul", "rua", "viale",
                    "piazza"})),
    Rule(LazyPattern(rf"(?<![\w'’.-])[\w'’.-]{{0,40}}?(?:\s[\w'’.-]{{1,40}}){{0,2}}?[\s-]?(?"
                    rf":{_LONG_ENDINGS})\s+{_HOUSE}{_POSTAL_TOWN}", re.I),
         "<ADDRESS>", digits=True),
    Rule(LazyPattern(rf"(?<!\w)(?!(?i:spring|string|keyring|earring|during|"
                    rf"bring))[{UPPER}][\w'’.-]{{0,40}}?"
                    rf"(?:\s[\w'’.-]{{1,40}}){{0,2}}?(?i:[\s-]?(?:{_SHORT_ENDINGS}))"
                    rf"\s+{_HOUSE}{_POSTAL_TOWN}"),
         "<ADDRESS>", digits=True),
    Rule(LazyPattern(r"\b[\w.]{1,30}\s+(?:mahallesi|mah\.|mh\.|caddesi|cad\.|cd\.|sokağı|sokak|"
                    r"sk\.|sok\.|bulvarı|blv\.)"
                    r"[^\n!?]{0,60}?(?:no\s*[:.]?\s*)?\d+[\w/]*(?:[^\n!?]{0,40}\d{5}[^\n!?]{0,30}"
                    r")?", re.I),
         "<ADDRESS>", digits=True),
    # A town behind its code, on a line of its own or after a comma.
    Rule(LazyPattern(rf"(?:(?<=\n)|(?<=, )|^)(?:[A-Z]{{1,2}}-)?(?:\d{{4}}\s?[A-Z]{{2}}|"
                    rf"\d{{2}}-\d{{3}}|\d{{3}}\s\d{{2}}"
                    rf"|\d{{5}}(?:-\d{{3}})?)\s+{_CAP}(?:[\s-]{_CAP}){{0,3}}"),
         "<ADDRESS>", digits=True),
    cued("zip|zip code|zipcode|postcode|post code|postal code|plz|postleitzahl|code postal|"
         "código postal|cap|codice postale|kod pocztowy|postnummer|posta kodu|cep|pin code|pincode|"
         "邮编|郵編|郵遞區號|邮政编码|郵便番号|〒",
         r"(?=[\w-]*\d)[A-Z0-9]{2,5}(?:[ -]?[A-Z0-9]{2,4})?(?!\w)", "<ZIP>"),
    Rule(LazyPattern(r"(\b(?:my|our|shipping|delivery|new) address(?: is|"
                    r":)\s*)(?!\s*(?:\w+\s+)?(?:wrong|incorrect|not|the|a|different|same|right|"
                    r"correct|missing|still|always|changed|mine)\b)[^\n.!?]{4,120}", re.I),
         r"\1<ADDRESS>", frozenset({"address"})),
    Rule(LazyPattern(r"((?:地址|寄到|送到)(?:是|为|為|:)\s*)[^\n。!?,;]{2,60}"),
         r"\1<ADDRESS>", asian=("地址", "寄到", "送到")),
    # A street and its code, with the town between them.
    Rule(LazyPattern(rf"<ADDRESS>\s*[\n,]\s*(?:{_CAP}(?:[\s-]{_CAP}){{0,3}},?\s*\d{{4,6}}(?!\d)"
                    rf"|\d{{4,5}},?\s+{_CAP}(?:[ -]{_CAP}){{0,3}})"), "<ADDRESS>", digits=True),
    Rule(LazyPattern(rf"<ADDRESS>,?\s+{_CAP}(?:\s{_CAP}){{0,2}}\s*[/(]\s*[A-Z]{{2}}\)?"),
         "<ADDRESS>", digits=True),
    Rule(LazyPattern(rf"<ADDRESS>[\s,]+(?:{_CAP}[\s,]+){{1,4}}<ADDRESS>"),
         "<ADDRESS>", digits=True),
)  # fmt: skip

# An address, a plate or a passport was named, and a number is left behind it.
CUED_NUMBER: Final = cued(
    _CUES
    + "|plate|plate number|license plate|kennzeichen|immatriculation|matrícula|targa|kenteken|"
    "rejestracja|"
    "registreringsnummer|plaka|placa|passport|reisepass|passeport|pasaporte|ssn|车牌|車牌|护照|"
    "護照",
    r"\d{2}",
    "",
    link=r"[^\d\n<]{1,40}?",
)

_NUMBER = r"(?:\d{1,5}|[A-Za-z]{1,2}|[一二三四五六七八九十百零〇]{1,5})"
_KINDS = r"(?:号楼|號樓|号|號|弄|座|栋|棟|楼|樓|室|巷|单元|單元|層|层|之\d+|F|f)"
CHINESE_ADDRESSES: Final = (
    Rule(LazyPattern(rf"[{HAN}]{{1,20}}?(?:路|街|大道|道|巷|弄|胡同|里|"
                    rf"段)[{HAN}]{{0,4}}?\s*{_NUMBER}\s*{_KINDS}"
                    rf"(?:[{HAN}\dA-Za-z\s-]{{0,12}}?{_NUMBER}\s*{_KINDS})*(?:\s+\d{{6}}(?!\d))?"),
         "<ADDRESS>", asian=("路", "街", "道", "巷", "弄", "胡同", "里", "段")),
    Rule(LazyPattern(rf"[{HAN}]{{2,8}}(?:省|市|县|縣|自治区|特别行政区)[{HAN}]{{1,10}}?(?:市|区|"
                    rf"區|县|縣|镇|鎮|乡|鄉)"
                    rf"[{HAN}\dA-Za-z\s-]{{0,20}}?(?:路|街|道|段|巷|村|\d|"
                    rf"[A-Za-z][座栋棟])[{HAN}\dA-Za-z-]{{0,20}}(?:\s+\d{{6}}(?!\d))?"),
         "<ADDRESS>", asian=("省", "市", "县", "縣", "自治区")),
    Rule(LazyPattern(rf"[{HAN}]{{2,3}}[都道府県][{HAN}\u3041-\u30ff]{{1,12}}?[市区町村郡][^\n!?]{{"
                    rf"1,60}}"),
         "<ADDRESS>", asian=("都", "道", "府", "県")),
    Rule(LazyPattern(r"(?<!\d)\d{1,4}丁目\s?\d{1,4}番?(?:地|\d{0,4}号)?[^\n,、。!?]{0,30}|"
                    r"〒?\d{3}-\d{4}(?=\s*[\u3040-\u9fff])"),
         "<ADDRESS>", digits=True),
)  # fmt: skip
