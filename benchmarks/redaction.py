"""What redaction finds in data nobody made for it, by path: python benchmarks/redaction.py DIR.

DIR holds abcd_sample_dialogues_train.jsonl.gz (fictional customers, each with the values that have
to go), crosswoz_dialogues_test.jsonl.gz (Chinese, with the telephone numbers of real places) and
questions that hold nothing personal (clinc150, hint3). Nothing of it is kept.
"""

import gzip
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from feedback.redaction import redact

CLEAN = ("clinc150_questions_test.jsonl.gz", "hint3_curekart_questions_test.jsonl.gz")
LANDLINE = re.compile(r"(?<!\d)0\d{2,3}-?\d{7,8}(?!\d)")


def lines(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        yield from map(json.loads, file)


def personal_values(scenario: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """The values of an ABCD customer that have to go, by kind."""
    personal, order = scenario.get("personal", {}), scenario.get("order", {})
    named = {
        "name": personal.get("customer_name"),
        "email": personal.get("email"),
        "phone": personal.get("phone"),
        "account": personal.get("account_id"),
        "order": order.get("order_id"),
        "address": order.get("street_address"),
        "zip": order.get("zip_code"),
    }
    for kind, value in named.items():
        if value and len(str(value)) > 2:
            yield kind, str(value)


def of_customers(path: Path) -> dict[str, dict[str, int]]:
    """How often each kind stood in a turn, and was gone: unknown, and as a value we know."""
    counts: Counter[tuple[str, str]] = Counter()
    for dialogue in lines(path):
        values = list(personal_values(dialogue["scenario"]))
        for turn in dialogue["turns"]:
            text = turn["text"].casefold()
            for kind, value in values:
                if not re.search(rf"(?<!\w){re.escape(value.casefold())}(?!\w)", text):
                    continue
                counts[kind, "seen"] += 1
                unknown, known = redact(turn["text"]), redact(turn["text"], [value])
                gone = value.casefold() not in unknown.text.casefold()
                counts[kind, "replaced"] += gone
                counts[kind, "or_quarantined"] += gone or unknown.quarantined
                counts[kind, "known_value"] += value.casefold() not in known.text.casefold()
    kinds = sorted({kind for kind, _ in counts})
    names = ("seen", "replaced", "or_quarantined", "known_value")
    return {kind: {name: counts[kind, name] for name in names} for kind in kinds}


def of_landlines(path: Path) -> dict[str, int]:
    """Chinese telephone numbers of real places, as people and clerks write them."""
    seen = gone = kept_out = 0
    for dialogue in lines(path):
        for turn in dialogue["turns"]:
            numbers = LANDLINE.findall(turn["text"])
            if numbers:
                cleaned = redact(turn["text"])
                left = [number for number in numbers if number in cleaned.text]
                seen += len(numbers)
                gone += len(numbers) - len(left)
                kept_out += len(numbers) if cleaned.quarantined else len(numbers) - len(left)
    return {"seen": seen, "replaced": gone, "or_quarantined": kept_out}


def of_clean(path: Path) -> dict[str, Any]:
    """Questions with nothing personal in them: how many are changed or held back for nothing."""
    count = changed = held = 0
    shown = []
    for line in lines(path):
        cleaned = redact(line["question"])
        count += 1
        held += cleaned.quarantined
        if "<" in cleaned.text and "<" not in line["question"]:
            changed += 1
            shown.append(cleaned.text)
    return {"n": count, "changed": changed, "quarantined": held, "examples": shown[:5]}


def main(folder: Path) -> None:
    found = {
        "customers": of_customers(folder / "abcd_sample_dialogues_train.jsonl.gz"),
        "landlines": of_landlines(folder / "crosswoz_dialogues_test.jsonl.gz"),
        **{name: of_clean(folder / name) for name in CLEAN},
    }
    print(json.dumps(found, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
