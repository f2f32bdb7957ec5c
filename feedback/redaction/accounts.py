"""Passwords, one-time codes, and the names people go by elsewhere (Instagram, WeChat, a login)."""

import re
from typing import Final

from feedback.redaction.rules import LazyPattern, Rule, cued

_LOGIN_WORDS = (
    "password|pw|psw|pword|passwort|kennwort|passwd|pwd|passcode|passphrase|login|mot de passe|"
    "contraseña|clave|"
    "parola|wachtwoord|hasło|lösenord|şifre|şifrem|senha|密码|密碼|口令|パスワード|暗証番号"
)
_NO_LOGIN = (
    r"(?!(?:not|no|never|wrong|incorrect|invalid|expired|too|still|being|the|a|an|my|your|so|very|"
    r"now|same|case|always|needed|required|forgotten|lost|gone|correct|right|reset|please|and|or|"
    r"that|this|what|page|falsch|nicht|ungültig|vergessen|weg|incorrect|oublié|pas|faux|incorrecta|"
    r"no|mala|olvidada|sbagliata|errata|non|niet|fout|onjuist|vergeten|nie|błędne|złe|fel|inte|"
    r"yanlış|errada|incorreta|não|\w+ing|\w+ed)(?:[\s.,;:?]|$)|[<?]|!+(?:\s|$))"
)
SECRETS: Final = (
    cued("otp|one-time code|one time code|verification code|2fa code|pin|pin code|pincode|"
         "geheimzahl|code pin|código pin|验证码|驗證碼|取件码|認証コード",
         r"\d{4,8}(?!\d)", "<CODE>"),
    cued(_LOGIN_WORDS, rf"{_NO_LOGIN}(?=\S*(?:\d|[!@#$%^&*+=~?_{{}}|()\[\]]\w))\S{{3,}}",
         "<PASSWORD>", digits=False),
    cued(_LOGIN_WORDS, rf"{_NO_LOGIN}[^\s,.;!?]{{3,}}", "<PASSWORD>", digits=False,
         link=r"\s*(?:[:=]|\b(?:is|ist|lautet|est|es|è|jest|to|är|é)\b|是|为|為|は)[\s:\"']*+"),
)  # fmt: skip

_NETWORKS = (
    "instagram|insta|ig|telegram|tg|whatsapp|wechat|weixin|twitter|tiktok|snapchat|skype|discord|"
    "facebook|fb|linkedin|reddit|line id|line|kakao|signal|username|user name|nickname|"
    "handle|benutzername|nutzername|pseudo|usuario|nombre de usuario|utente|nome utente|"
    "gebruikersnaam|użytkownik|login|användarnamn|kullanıcı adı|usuário|微信|微信号|微信號|qq|qq号|"
    "用户名|抖音|微博|小红书|インスタ|ユーザー名"
)
_NO_HANDLE = (
    r"(?!(?:not|no|down|the|a|an|my|your|great|handle|username|name|id|account|accounts|page|"
    r"post|posts|story|stories|ad|ads|"
    r"pay|and|or|is|in|on|to|for|please|wrong|taken|shop|store|link|very|also|so|still|bien|gut|"
    r"\w+ing)\b|[<])"
)
HANDLES: Final = (
    Rule(LazyPattern(r"(?<![\w.@/])@(?=[\d.]*[A-Za-z_])[A-Za-z0-9_][\w.]{1,29}(?<!\.)"),
         "<HANDLE>", sign="@"),
    Rule(LazyPattern(r"((?:facebook|fb|instagram|twitter|x|tiktok|linkedin|t)\.(?:com|me)/(?:in/)?)"
                    r"@?[\w.-]{2,40}", re.I), r"\1<HANDLE>", sign="/"),
    cued(_NETWORKS, rf"{_NO_HANDLE}@?(?=[\w.-]*[\d_.])[A-Za-z0-9][\w.-]{{2,38}}\w", "<HANDLE>",
         digits=False),
    cued("微信号|微信號|微信|qq号|line id|用户名|抖音|微博|小红书|インスタ|ユーザー名",
         rf"{_NO_HANDLE}@?[A-Za-z][A-Za-z0-9_.-]{{3,38}}", "<HANDLE>", digits=False, link=r"\s*"),
    cued(_NETWORKS, rf"{_NO_HANDLE}@?[A-Za-z][\w.-]{{2,38}}\w", "<HANDLE>", digits=False,
         link=r"\s*(?:[:=]|\b(?:is|ist|est|es|è|jest|to|är|é)\b|是|为|為|は)[\s:@\"']*+"),
)  # fmt: skip
# "instagram annalee": no sign says that it is a name, so a person has to look.
UNSAID_HANDLE: Final = cued(
    "instagram|insta|telegram|wechat|weixin|tiktok|snapchat|skype|discord|twitter|微信|qq",
    rf"{_NO_HANDLE}(?!channel|messenger|support|message|picture|follow|profile|"
    rf"market)[a-z]{{5,}}\b",
    "<HANDLE>",
    digits=False,
    link=r"\s+",
)
