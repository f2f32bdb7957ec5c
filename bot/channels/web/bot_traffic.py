"""Bot detection: tells programs from people by user agent and by how fast they write.

Programs are answered like anybody, and left out of every figure: an experiment counts people.
"""

import re
from typing import Final

# Names that crawlers, previews, monitors and automated browsers give themselves. Libraries (curl,
# python-requests) are not among them: a shop's own server may speak for its shoppers.
_ROBOTS: Final = re.compile(
    r"bots?\b|crawl|spider|slurp|phantomjs|lighthouse|pagespeed|gtmetrix|pingdom"
    r"|statuscake|uptimerobot|site24x7|facebookexternalhit|preview|scrap(?:er|y)|archiver",
    re.IGNORECASE,
)
_AUTOMATED: Final = re.compile("headless", re.IGNORECASE)


def is_robot(user_agent: str | None, *, public: bool = True) -> bool:
    """Whether a browser's name is a program's; nothing said is nobody's.

    A shop that only its own machine reaches (not `public`) is visited by no strange browser: one
    without a window there is driven by a developer who tries the shop.

    >>> is_robot("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)")
    True
    >>> is_robot("Mozilla/5.0 (Linux; Android 10; CUBOT X30) AppleWebKit/537.36 Chrome/96.0")
    False
    >>> is_robot("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/126.0 Safari/537.36")
    False
    """
    if user_agent is None:
        return False
    name = user_agent.replace("CUBOT", "")
    return bool(_ROBOTS.search(name) or (public and _AUTOMATED.search(name)))
