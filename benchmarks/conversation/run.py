"""Plays conversations with a shop's clerk, in one process with it, and grades every turn.

    .clerk/venv/bin/python -m benchmarks.conversation.run [--data DIR] [--exam FILE.jsonl]
        [--shop DIR] [--only PATTERN] [--transcript OUT.txt] [--json]

Without `--exam` the development set of `conversations.py` is played. The shop of `--shop` is
imported into a new folder and its first model is trained; a folder given by `--data` is kept and
used again, so a second run begins at once. The demo shop is played with `--shop demo`.
"""

import argparse
import contextlib
import json
import os
import re
import sys
import tempfile
import uuid
from pathlib import Path

HERE = Path(__file__).resolve().parent
FILES = {
    "replies": "replies*.jsonl",
    "facts": "facts.jsonl",
    "questions": "questions*.jsonl",
    "products": "products.csv",
    "orders": "orders.jsonl",
}


def main():
    """Build the shop, play, print."""
    options = _options()
    with tempfile.TemporaryDirectory(prefix="conversation-") as folder:
        data = Path(options.data or folder).resolve()
        data.mkdir(parents=True, exist_ok=True)
        os.environ.update(
            SHOPCLERK_DATABASE_URL=f"sqlite:///{data / 'shopclerk.db'}",
            SHOPCLERK_MODELS_DIR=str(data / "models"),
            SHOPCLERK_CURRENCY="USD" if options.shop == "demo" else "EUR",
            TF_CPP_MIN_LOG_LEVEL="3",
        )
        with clerk_of(options.shop) as clerk:
            rows = play(clerk, conversations(options.exam, options.only), options.transcript)
    _print(rows, as_json=options.json)


def _options():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data")
    parser.add_argument("--exam")
    parser.add_argument("--shop", default=str(HERE / "shop"))
    parser.add_argument("--only", default="")
    parser.add_argument("--transcript")
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


def conversations(exam, only):
    """Those of a file, or the development set."""
    if exam:
        with open(exam, encoding="utf-8") as file:
            found = [json.loads(line) for line in file if line.strip()]
    else:
        from benchmarks.conversation.conversations import CONVERSATIONS

        found = CONVERSATIONS
    return [each for each in found if re.match(only, each["id"])]


@contextlib.contextmanager
def clerk_of(shop):
    """The clerk of a shop, with its model; nobody is held out and nothing is explored."""
    import structlog

    from serving.client import TFServingRanker
    from shopclerk.commands.files import import_files
    from shopclerk.commands.model_server import running_model_server
    from shopclerk.commands.run import fill_store, make_first_model
    from shopclerk.settings import read_settings
    from shopclerk.wiring import ClerkModel, build_clerk, open_database

    structlog.configure(logger_factory=structlog.ReturnLoggerFactory())
    settings = read_settings(holdout_share=0.0, explore_share=0.0)
    if not Path(settings.database_url.removeprefix("sqlite:///")).exists():
        if shop == "demo":
            fill_store(settings)
        else:
            for kind, pattern in FILES.items():
                import_files(kind, sorted(Path(shop).glob(pattern)))
    make_first_model(settings)
    with running_model_server(settings) as server:
        database = open_database(settings)
        model = TFServingRanker(server.address.split(","))
        yield build_clerk(
            settings,
            database,
            ClerkModel(model, model, model),
            assign_arm=lambda _: "champion",
        )
        model.close()
        database.close()


def play(clerk, exam, transcript=None):
    """Each turn of each conversation, with its outcome."""
    from benchmarks.conversation.grading import outcome, right_choice

    rows = []
    with open(transcript or os.devnull, "w", encoding="utf-8") as told:
        for talk in exam:
            say = _speaker(clerk, talk)
            print(f"\n=== {talk['id']} [{talk['category']}, {talk['locale']}]", file=told)
            for number, turn in enumerate(talk["turns"]):
                reply = say(turn["say"])
                result = outcome(turn["ok"], reply)
                pressed = right_choice(turn["ok"], reply) if result == "half_choice" else None
                if pressed:  # a patient shopper presses the right button before going on
                    say(pressed["title"], pressed["id"])
                rows.append(
                    {"id": talk["id"], "category": talk["category"], "locale": talk["locale"]}
                    | {"turn": number, "say": turn["say"], "tags": turn.get("tags", [])}
                    | {"outcome": result, "reply": reply}
                )
                _tell(told, turn, reply, result)
    return rows


def _speaker(clerk, talk):
    """What says a turn in a new dialogue, and gives the reply as the chat's API has it."""
    from bot.channels.web.reply_schemas import reply_of
    from bot.messages import Place

    page = talk.get("page") and f"http://shop.example{talk['page']}"
    dialogue = clerk.open(shopper_id=None, channel="web", locale=talk["locale"], page=page)

    def say(text, choice=None):
        answer = clerk.reply(
            dialogue.dialogue_id,
            text,
            client_id=uuid.uuid4().hex,
            choice=choice,
            place=Place(page),
        )
        if answer is None:
            return {"kind": "silent", "text": "", "reply_ids": [], "products": []}
        return reply_of(answer).model_dump() | {"confidence": answer.confidence}

    return say


def _tell(told, turn, reply, result):
    said = ",".join(reply["reply_ids"]) or ",".join(map(str, reply.get("asks", ())))
    if reply["kind"] == "choices":
        said = ",".join(str(choice["id"]) for choice in reply["choices"])
    cards = ", ".join(f"{card['product_id']} {card['price']}" for card in reply["products"])
    print(f"  > {turn['say']}", file=told)
    sure = reply.get("confidence", 0.0)
    print(f"  < [{reply['kind']} {said} {sure:.2f}] {reply['text'][:200]!r} {cards}", file=told)
    wanted = "" if result == "right" else json.dumps(turn["ok"], ensure_ascii=False)
    mark = "OK" if result == "right" else f"** {result}"
    print(f"      {mark} {','.join(turn.get('tags', []))} {wanted}", file=told)


def _print(rows, *, as_json):
    from benchmarks.conversation.grading import summary

    found = summary(rows)
    if as_json:
        print(json.dumps(found, ensure_ascii=False, indent=1))
        return
    for group in ("all", "alone"):
        print(f"{group:18} {found[group]}")
    for kind in ("tags", "categories", "locales"):
        for name, told in found[kind].items():
            print(f"{name:18} {told}")
    print(f"{found['whole']} % of {found['conversations']} conversations are right as a whole;")
    print(f"turn by turn: {found['right_so_far']}", file=sys.stdout)


if __name__ == "__main__":
    main()
