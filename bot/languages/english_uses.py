"""English: facts of how products are cut, closed, put together and used."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

USES: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "cut": (
            (
                r"\b(?:tight|loose|baggy|snug|slim|fitted|boxy|stretchy?|relaxed)\b"
                r"|\btrue to size\b|\bsiz(?:e|ing) (?:up|down)\b"
                r"|\bruns? (?:small|large|big|true)\b|\bbetween (?:two )?sizes\b"
                r"|\b(?:how|does|do)\b[\w' ]*\bfit\b(?! (?:in|on|under|a|my|into)\b)"
                r"|\bbetween \d+ and \d+|\bwhich (?:size|one should)\b|\bwide feet\b|\bnarrow\b"
                r"|\bmy size\b|\bwhat sizes?\b"
            ),
            (
                r"\b(?:relaxed|regular|slim|loose|tight|straight|semi-fitted|fitted|classic"
                r"|athletic|snug|comfort\w*|oversized?|wide|narrow|easy|close"
                r"|standard)[\w, -]* (?:fit|cut|leg|waist)\b"
                r"|\bfits?\b|\btrue to size\b|\bsize (?:up|down)\b|\b(?:two|between) sizes\b"
                r"|\busual size\b|\bone size\b|\bgo(?:es)? (?:one )?(?:up|down)\b|\bcomes? up\b"
                r"|\bstretch|\bwide\b|\bsizes?\b"
            ),
        ),
        "neck": (
            (
                r"\b(?:crew|v|polo|turtle|scoop)?[- ]?neck(?:line|ed)?\b|\bcollars?\b"
                r"|\bhood(?:ed)?\b"
            ),
            r"\bneck|\bcollar|\bhood\b|\bhooded\b",
        ),
        "waist": (
            r"\b(?:high|low|mid)?[- ]?(?:waist(?:ed|band)?|rise)\b",
            r"\bwaist|\brise\b|\bdrawstring",
        ),
        "closure": (
            (
                r"\bzip(?:s|ped|per|pers)?\b|\bbuttons?\b|\bclos(?:e|es|ure|ing)\b|\bfasten\w*"
                r"|\bdrawstrings?\b|\bvelcro\b|\bbuckles?\b|\bsnaps?\b|\block(?:s|able)?\b"
            ),
            (
                r"\bzip|\bbutton|\bclos|\bfasten|\bdrawstring|\bvelcro|\bbuckle|\bsnaps?\b"
                r"|\bmagnet|\block"
            ),
        ),
        "strap": (
            r"\bstraps?\b|\bhandles?\b|\bbands?\b|\bcarry(?:ing)?\b",
            r"\bstraps?\b|\bhandles?\b|\bband\b|\bcarr(?:y|ied)\b|\bleash\b",
        ),
        "pockets": (
            (
                r"\bpockets?\b|\bcompartments?\b|\bslots?\b"
                r"|\b(?:somewhere|anything|place) (?:to|for)\b"
                r"|\bwhere (?:do|can|would) i (?:put|keep)\b"
            ),
            (
                r"\bpocket|\bcompartment|\bslots?\b|\bpouch|\bsleeve for\b|\bloops?\b"
                r"|\b(?:back|chest|front|hip|inside|side|zip(?:ped)?) pockets?\b"
            ),
        ),
        "seen": (
            r"\breflect\w*|\bvisib\w+|\bhi-?vis\b|\b(?:at|in the) (?:night|dark)\b|\bbe seen\b",
            r"\breflect|\bvisib|\bhi-?vis|\bneon\b|\bglow|\bfluorescent",
        ),
        "taken off": (
            (
                r"\bremov(?:e|ed|able|ing)\b|\bdetach\w*"
                r"|\b(?:take|come|comes|taken|zip|zips)\b[\w' ]*\b(?:off|out|apart)\b"
            ),
            (
                r"\bremov|\bdetach|\b(?:takes?|taken|comes?|zips?) (?:off|out|apart)\b"
                r"|\bzip-off\b|\binterchang"
            ),
        ),
        "adjusted": (
            (
                r"\badjust\w*|\bfold(?:s|ed|able|ing)?\b|\bextend\w*"
                r"|\bpack(?:s|ed|able)? (?:down|up|away|size)\b|\bcollaps\w+"
                r"|\bopen(?:s|ed)? (?:up|out)\b|\bexpand\w*"
            ),
            (
                r"\badjust|\bfold|\bextend|\bpack(?:s|ed)? (?:down|away|into)|\bcollaps|\bexpand"
                r"|\bgrows?\b|\braise|\btelescop"
            ),
        ),
        "included": (
            (
                r"\bcomes? with\b|\binclud(?:e|es|ed|ing)\b|\bin the box\b|\bsupplied\b"
                r"|\baccessories\b|\bwhat(?:'?s| is) in the (?:set|kit|pack|package)\b"
                r"|\bextras?\b"
            ),
            (
                r"\b(?:not )?includ|\bcomes? with\b|\bin the box\b|\bsupplied|\bset of\b"
                r"|\bsold separately\b|\bwith (?:a|an|the|two|three|its)\b|\btogether with\b"
            ),
        ),
        "how many": (
            (
                r"\bhow many (?!left\b)\w+|\bnumber of\b|\bquantity\b|\b(?:pack|set|box) of\b"
                r"|\bpieces\b|\bpages\b"
            ),
            r"\b(?:\d+|two|three|four|five|six|seven|eight|nine|ten|twelve|twenty)[ -]\w+",
        ),
        "put together": (
            (
                r"\bassembl\w+|\bput\b[\w ]*\btogether\b|\bset ?up\b|\binstall\w*|\bmount\w*"
                r"|\bhang(?:s|ing)?\b|\btools?\b"
            ),
            r"\bassembl|\btools?\b|\binstall|\bmount|\bscrew|\bhang|\bset up\b|\bwall\b",
        ),
        "heat": (
            (
                r"\bovens?\b|\bmicrowaves?\b|\bhobs?\b|\binduction\b|\bstoves?\b|\bgrills?\b"
                r"|\bheat[- ]?(?:proof|resistant)\b|\bhot\b|\bburn(?:s|t)? (?:my|your)\b"
                r"|\bfreezer\b|\bflame\b|\bfire(?:proof)?\b"
            ),
            (
                r"\bovens?\b|\bmicrowaves?\b|\bhobs?\b|\binduction\b|\bstoves?\b|\bgrills?\b"
                r"|\bheat|\bhot\b|\bfreezer|\bflame|\bfire\b|\bcool over\b"
                r"|\bkeeps?\b.*\b(?:hot|cold|warm|cool)\b"
            ),
        ),
        "works with": (
            (
                r"\bcompatib\w+|\bworks? with\b|\bconnect\w*|\bpair(?:s|ed|ing)? (?:with|to)\b"
                r"|\bsupport(?:s|ed)?\b|\bbluetooth\b|\bwi-?fi\b|\bapp\b"
                r"|\bfits? (?:on|under|my)\b|\bsuit(?:s|ed|able) for\b"
            ),
            (
                r"\bcompatib|\bworks? (?:with|on)\b|\bconnect|\bbluetooth|\bpairs with\b"
                r"|\bsupports?\b|\bfits?\b|\bsuit(?:s|ed|able)\b|\bwi-?fi\b|\bstandard\b"
            ),
        ),
        "lasts": (
            (
                r"\bdurab\w+|\bsturdy\b"
                r"|\b(?:break|snap|tear|rip|crack|scratch|rust|dent|chip)(?:s|es|able|proof)?\b"
                r"|\bwear out\b|\bstain\w*"
            ),
            (
                r"\bdurab|\bsturdy|\btough|\bstrong|\bbreak|\bsnap|\btear|\bripstop|\bcrack"
                r"|\bscratch|\brust|\breinforced|\bdouble[- ]stitch|\bstain|\bgenerations\b"
                r"|\bwobble"
            ),
        ),
        "colour later": (
            (
                r"\bfad(?:e|es|ing)\b|\bdiscolou?r\w*|\bpatina\b|\bdarken\w*|\byellow(?:s|ing)\b"
                r"|\bcolou?rs?\b[\w ]*\b(?:change|run|bleed|fade|last|stay)s?\b"
                r"|\bchanges? colou?r\b|\bover time\b"
            ),
            (
                r"\bfade|\bdiscolou?r|\bpatina|\bdarken|\bage(?:s|d)? (?:well|to)|\bcolou?rfast"
                r"|\bwith use\b"
            ),
        ),
        "warranty": (r"\bwarrant\w+|\bguarantee\w*", r"\bwarrant|\bguarantee"),
        "stored": (
            r"\bstor(?:e|ed|ing|age)\b|\bkeep (?:it|them) in\b|\bwhere (?:should|do) i keep\b",
            (
                r"\bstor(?:e|ed|age)\b|\bkeep (?:it )?(?:dry|cool|away|in|sealed|refrigerated)\b"
                r"|\bcool, dry\b"
            ),
        ),
        "coating": (
            (
                r"\bnon-?stick\b|\bcoat(?:ed|ing)\b|\bpainted\b|\bvarnish\w*|\bseasoned?\b"
                r"|\bglaz\w+|\boiled\b|\bfinish(?:ed)?\b|\blin(?:ed|ing|er)\b"
            ),
            (
                r"\bnon-?stick|\bcoat(?:ed|ing)|\bpaint|\bvarnish|\bseason|\bglaz|\boiled"
                r"|\bfinish|\buntreated|\blin(?:ed|ing|er)\b|\bwax"
            ),
        ),
    }
)
