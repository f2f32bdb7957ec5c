"""What redaction finds in public data sets: `python benchmarks/redaction.py DIR`.

DIR holds abcd_sample_dialogues_train.jsonl.gz (fictional customers, each with the values that have
to go), crosswoz_dialogues_test.jsonl.gz (Chinese, with the telephone numbers of real places) and
questions that hold nothing personal (clinc150, hint3). Nothing of it is kept.

Without DIR: the table of planted values alone, drawn by Faker in twenty locales.
"""

import gzip
import json
import re
import statistics
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.personal import planted, score
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
    shown, seconds = [], []
    for line in lines(path):
        began = time.perf_counter()
        cleaned = redact(line["question"])
        seconds.append(time.perf_counter() - began)
        count += 1
        held += cleaned.quarantined
        if "<" in cleaned.text and "<" not in line["question"]:
            changed += 1
            shown.append(cleaned.text)
    return {
        "n": count,
        "changed": changed,
        "quarantined": held,
        "median_us": round(statistics.median(seconds) * 1e6),
        "examples": shown[:5],
    }


def of_planted(count: int = 40, seed: int = 20_261_130) -> dict[str, dict[str, dict[str, float]]]:
    """Planted values by kind: those seen while rules were written, and those held out."""
    messages = list(planted(count, seed))
    parts = {
        "seen": [each for each in messages if not each.held_out],
        "held_out": [each for each in messages if each.held_out],
    }
    found = {}
    for part, those in parts.items():
        by_kind = score(those)
        whole = sum(each.kept_out for each in by_kind.values()) / len(those)
        found[part] = {
            kind: {"n": each.seen, "replaced": round(each.replaced / each.seen, 3),
                   "or_quarantined": round(each.share, 3)}
            for kind, each in by_kind.items()
        } | {"whole": {"n": len(those), "or_quarantined": round(whole, 4)}}  # fmt: skip
    return found


def main(folder: Path | None) -> None:
    if folder is None:
        print(json.dumps({"planted": of_planted()}, indent=1))
        return
    found = {
        "planted": of_planted(),
        "customers": of_customers(folder / "abcd_sample_dialogues_train.jsonl.gz"),
        "landlines": of_landlines(folder / "crosswoz_dialogues_test.jsonl.gz"),
        **{name: of_clean(folder / name) for name in CLEAN},
    }
    print(json.dumps(found, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
