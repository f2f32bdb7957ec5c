"""Message frames of each language: greetings, closings, and words around a planted value."""

from typing import Final, NamedTuple

NAMED: Final = (
    "plate", "birth_date", "passport", "national_id", "expiry", "last_four", "cvv", "handle",
    "password", "address", "name",
)  # fmt: skip


class Language(NamedTuple):
    """Greetings, closings, frames for a value and its cue, and the cue of each kind."""

    greetings: tuple[str, ...]
    closings: tuple[str, ...]
    frames: tuple[str, ...]
    asks: tuple[str, ...]
    at: str
    dot: str
    cues: dict[str, str]


def _cues(words: str) -> dict[str, str]:
    return dict(zip(NAMED, words.split("|"), strict=True))


LANGUAGES: Final = {
    "en": Language(
        ("Hi {},", "Hello {}!", "Dear {},", "hey {} -"),
        ("Thanks, {}", "Best regards,\n{}", "Cheers\n{}", "Kind regards {}"),
        ("my {cue} is {}", "{cue}: {}", "Here you go, the {cue} {} as you asked"),
        ("where is my parcel?", "can I send this back?", "The mug arrived broken."),
        "at",
        "dot",
        _cues(
            "license plate|date of birth|passport number|ssn|card expires|card ending in|cvv"
            "|instagram|password|address|name"
        ),
    ),
    "de": Language(
        ("Hallo {},", "Liebe {},", "Guten Tag {},", "Hi {},"),
        ("Danke, {}", "Viele Grüße\n{}", "Mit freundlichen Grüßen\n{}", "LG {}"),
        ("{cue} ist {}", "{cue}: {}", "Wie gewünscht {cue} {} zur Kontrolle"),
        ("wo bleibt mein Paket?", "kann ich das zurückschicken?", "Die Tasse kam kaputt an."),
        "ät",
        "punkt",
        _cues(
            "Kennzeichen|Geburtsdatum|Reisepass|Personalausweis|Karte gültig bis"
            "|Karte endet auf|Prüfziffer|Instagram|Passwort|Adresse|Mein Name"
        ),
    ),
    "fr": Language(
        ("Bonjour {},", "Chère {},", "Bonsoir {},", "Salut {},"),
        ("Merci, {}", "Cordialement,\n{}", "Bien à vous\n{}", "Bonne journée, {}"),
        ("{cue} est {}", "{cue} : {}", "Comme demandé {cue} {} pour vérification"),
        ("où est mon colis ?", "puis-je le renvoyer ?", "La tasse est arrivée cassée."),
        "arobase",
        "point",
        _cues(
            "immatriculation|date de naissance|passeport|numéro de sécurité sociale"
            "|carte expire|carte se terminant par|cryptogramme|instagram|mot de passe|adresse"
            "|mon nom"
        ),
    ),
    "es": Language(
        ("Hola {},", "Estimada {},", "Buenos días {},", "Querido {},"),
        ("Gracias, {}", "Saludos,\n{}", "Atentamente\n{}", "Un saludo, {}"),
        ("{cue} es {}", "{cue}: {}", "Como pidieron {cue} {} para comprobar"),
        ("¿dónde está mi paquete?", "¿puedo devolverlo?", "La taza llegó rota."),
        "arroba",
        "punto",
        _cues(
            "matrícula|fecha de nacimiento|pasaporte|DNI|tarjeta caduca"
            "|tarjeta terminada en|código de seguridad|instagram|contraseña|dirección|mi nombre"
        ),
    ),
    "it": Language(
        ("Ciao {},", "Gentile {},", "Buongiorno {},", "Cara {},"),
        ("Grazie, {}", "Cordiali saluti,\n{}", "Saluti\n{}", "Un saluto, {}"),
        ("{cue} è {}", "{cue}: {}", "Come richiesto {cue} {} per il controllo"),
        ("dov'è il mio pacco?", "posso restituirlo?", "La tazza è arrivata rotta."),
        "chiocciola",
        "punto",
        _cues(
            "targa|data di nascita|passaporto|codice fiscale|carta scade"
            "|carta che termina con|codice di sicurezza|instagram|password|indirizzo"
            "|il mio nome"
        ),
    ),
    "nl": Language(
        ("Hallo {},", "Beste {},", "Hoi {},", "Geachte {},"),
        ("Bedankt, {}", "Met vriendelijke groet,\n{}", "Groeten\n{}", "Groetjes {}"),
        ("{cue} is {}", "{cue}: {}", "Zoals gevraagd {cue} {} ter controle"),
        ("waar blijft mijn pakket?", "kan ik het terugsturen?", "De mok kwam kapot aan."),
        "apenstaartje",
        "punt",
        _cues(
            "kenteken|geboortedatum|paspoort|BSN|kaart geldig tot|kaart eindigt op"
            "|beveiligingscode|instagram|wachtwoord|adres|mijn naam"
        ),
    ),
    "pl": Language(
        ("Cześć {},", "Witam {},", "Dzień dobry {},", "Szanowna {},"),
        ("Dziękuję, {}", "Pozdrawiam,\n{}", "Z poważaniem\n{}", "Dzięki {}"),
        ("{cue} to {}", "{cue}: {}", "Zgodnie z prośbą {cue} {} do sprawdzenia"),
        ("gdzie jest moja paczka?", "czy mogę to zwrócić?", "Kubek przyszedł zbity."),
        "małpa",
        "kropka",
        _cues(
            "rejestracja|data urodzenia|paszport|PESEL|karta ważna do|karta kończy się na"
            "|kod CVV|instagram|hasło|adres|moje nazwisko"
        ),
    ),
    "sv": Language(
        ("Hej {},", "Hejsan {}!", "Kära {},", "God dag {},"),
        ("Tack, {}", "Vänliga hälsningar,\n{}", "Mvh\n{}", "Hälsningar {}"),
        ("{cue} är {}", "{cue}: {}", "Som ni bad om {cue} {} för kontroll"),
        ("var är mitt paket?", "kan jag skicka tillbaka det?", "Muggen kom trasig."),
        "snabel-a",
        "punkt",
        _cues(
            "registreringsnummer|födelsedatum|pass|personnummer|kortet går ut"
            "|kortet slutar på|säkerhetskod|instagram|lösenord|adress|mitt namn"
        ),
    ),
    "tr": Language(
        ("Merhaba {},", "Sayın {},", "Selam {},", "Sevgili {},"),
        ("Teşekkürler, {}", "Saygılarımla,\n{}", "İyi günler\n{}", "Teşekkür ederim {}"),
        ("{cue}: {}", "{cue} {}", "İstediğiniz {cue} {} kontrol için"),
        ("kargom nerede?", "bunu iade edebilir miyim?", "Kupa kırık geldi."),
        "et",
        "nokta",
        _cues(
            "plaka|doğum tarihi|pasaport|TC kimlik no|kart son kullanma"
            "|kartın son dört hanesi|güvenlik kodu|instagram|şifre|adres|adım"
        ),
    ),
    "pt": Language(
        ("Olá {},", "Prezada {},", "Bom dia {},", "Oi {},"),
        ("Obrigado, {}", "Atenciosamente,\n{}", "Abraços\n{}", "Obrigada {}"),
        ("{cue} é {}", "{cue}: {}", "Como pedido {cue} {} para conferir"),
        ("onde está meu pacote?", "posso devolver?", "A caneca chegou quebrada."),
        "arroba",
        "ponto",
        _cues(
            "placa|data de nascimento|passaporte|CPF|cartão vence|cartão com final"
            "|código de segurança|instagram|senha|endereço|meu nome"
        ),
    ),
    "zh": Language(
        ("你好{},", "{}您好,", "亲爱的{},", "尊敬的{}:"),
        ("谢谢,{}", "此致\n{}", "祝好\n{}", "{}敬上"),
        ("我的{cue}是{}", "{cue}:{}", "按您的要求,{cue}{},请核对"),
        ("我的快递到哪了?", "可以退货吗?", "杯子收到时是碎的。"),
        "艾特",
        "点",
        _cues(
            "车牌|出生日期|护照号|身份证号|卡有效期|卡尾号|安全码|微信号|密码|收货地址|姓名"
        ),
    ),
    "zht": Language(
        ("你好{},", "{}您好,", "親愛的{},", "尊敬的{}:"),
        ("謝謝,{}", "此致\n{}", "祝好\n{}", "{}敬上"),
        ("我的{cue}是{}", "{cue}:{}", "按您的要求,{cue}{},請核對"),
        ("我的包裹到哪了?", "可以退貨嗎?", "杯子收到時是碎的。"),
        "小老鼠",
        "點",
        _cues(
            "車牌|出生日期|護照號碼|身分證字號|卡片有效期限|卡號末四碼|安全碼|LINE ID|密碼|"
            "收件地址|姓名"
        ),
    ),
    "ja": Language(
        ("{}様", "{}さん、", "こんにちは、{}さん。", "{}様、お世話になっております。"),
        ("よろしくお願いします。\n{}", "{}より", "{}と申します。", "敬具\n{}"),
        ("{cue}は{}です", "{cue}:{}", "ご依頼の{cue}{}をご確認ください"),
        ("荷物はどこですか?", "返品できますか?", "マグカップが割れていました。"),
        "アットマーク",
        "ドット",
        _cues(
            "ナンバープレート|生年月日|パスポート番号|マイナンバー|カードの有効期限|"
            "カード番号の下四桁"
            "|セキュリティコード|インスタ|パスワード|住所|名前"
        ),
    ),
}  # fmt: skip
