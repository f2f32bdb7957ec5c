"""ISO 4217: the currencies in use, their decimals, and amounts written and read by them.

Why a table and no library: docs/decisions/0007-dependencies.md.
"""

import re
from decimal import Decimal
from typing import Final

# The list of 2026, without funds, metals and codes for tests.
BY_DECIMALS: Final = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF",
    2: "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF"
    " CHF CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD"
    " HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA"
    " MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN"
    " QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP"
    " TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG",
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}
DECIMALS: Final = {code: many for many, codes in BY_DECIMALS.items() for code in codes.split()}
USUAL: Final = 2  # where the currency is not known
ONE_MARK: Final = re.compile(r"\d{1,3}[.,]\d{3}")  # 1,500 or 1.500: thousands, or thousandths


def decimals(currency: str | None) -> int:
    """How many decimals a currency's amounts have.

    >>> decimals("JPY"), decimals("EUR"), decimals("KWD"), decimals(None)
    (0, 2, 3, 2)
    """
    return DECIMALS.get(currency or "", USUAL)


def rounded(amount: Decimal, currency: str | None) -> Decimal:
    """An amount to its currency's decimals.

    >>> rounded(Decimal("12.3456"), "KWD"), rounded(Decimal("3"), "USD")
    (Decimal('12.346'), Decimal('3.00'))
    """
    return amount.quantize(Decimal(1).scaleb(-decimals(currency)))


def number_of(amount: Decimal | float, currency: str | None, *, sign: bool = False) -> str:
    """An amount in digits, with its currency's decimals and marks between thousands.

    >>> number_of(Decimal("1234.5"), "KWD"), number_of(1234.5, "USD", sign=True)
    ('1,234.500', '+1,234.50')
    """
    return f"{amount:{'+' if sign else ''},.{decimals(currency)}f}"


def trimmed_amount(amount: Decimal) -> Decimal:
    """An amount without needless noughts, but with two decimals at least.

    >>> trimmed_amount(Decimal("59.9000")), trimmed_amount(Decimal("12.3450"))
    (Decimal('59.90'), Decimal('12.345'))
    """
    cents = amount.quantize(Decimal("0.01"))
    return cents if cents == amount else amount.normalize()


def read_number(written: str, currency: str | None) -> Decimal:
    """An amount that people wrote in digits, with points and commas of any country.

    A lone point before three digits parts thousandths where the currency has them; a lone comma
    before three digits always parts thousands.

    >>> [str(read_number(text, "USD")) for text in ("1,299.00", "1.299,50", "12,5", "1.500")]
    ['1299.00', '1299.50', '12.5', '1500']
    >>> str(read_number("1.500", "KWD"))
    '1.500'

    Raises:
        decimal.InvalidOperation: it is no number.
    """
    last = max(written.rfind("."), written.rfind(","))
    if last < 0:
        return Decimal(written)
    mark = written[last]
    if ONE_MARK.fullmatch(written):
        thousands = mark == "," or decimals(currency) < 3
    else:
        thousands = written.count(mark) > 1
    if thousands:
        return Decimal(written.replace(".", "").replace(",", ""))
    before = written[:last].replace(".", "").replace(",", "")
    return Decimal(f"{before}.{written[last + 1 :]}")
