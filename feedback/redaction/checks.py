"""Check digits: whether a number can be a card or a Chinese identity number at all."""


def luhn_holds(digits: str) -> bool:
    """Whether a card number's check digit is right (ISO/IEC 7812-1).

    >>> luhn_holds("4111111111111111"), luhn_holds("4111111111111112")
    (True, False)
    """
    total = 0
    for place, char in enumerate(reversed(digits)):
        digit = int(char) * (2 if place % 2 else 1)
        total += digit - 9 if digit > 9 else digit
    return total % 10 == 0


def chinese_id_holds(number: str) -> bool:
    """Whether a Chinese identity number's check character is right (GB 11643).

    >>> chinese_id_holds("11010519491231002X"), chinese_id_holds("110105194912310021")
    (True, False)
    """
    total = sum(int(char) * pow(2, 17 - place, 11) for place, char in enumerate(number[:17]))
    return number[17].upper() == "10X98765432"[total % 11]
