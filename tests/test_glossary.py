"""The glossary against the code: one word, one meaning, in the names of classes too."""

import ast
import re
from collections import defaultdict
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]
ROOMS = ("bot", "feedback", "serving", "training", "shopclerk", "benchmarks")

# Where the class of a glossary's word stands: that room holds the word's thing, no other has one.
HOMES = {
    "Head": "training.heads",
    "Answer": "bot",
    "AnswerPart": "feedback.db",
    "Arm": "feedback.experiments",
    "Candidate": "serving",
    "Catalogue": "feedback.knowledge",
    "Channel": "bot.channels",
    "Checkpoint": "training.fitting",
    "Citation": "bot",
    "Click": "feedback.db",
    "Contradiction": "feedback.db",
    "Conversion": "feedback.sales",
    "Delivery": "bot.shops",
    "Desk": "feedback.desk",
    "Dialogue": "feedback.db",
    "Entity": "feedback.entities",
    "Example": "feedback.signals",
    "ExperimentPlan": "feedback.experiments",
    "Exposure": "feedback.db",
    "ExposureTraits": "feedback.dialogues",
    "Fact": "feedback.db",  # the shop's; a metric's facts are columns and no class
    "Hyperparameters": "training.model",
    "Impression": "feedback.db",
    "IncrementalRevenue": "feedback.experiments",
    "KnowledgeSource": "bot.knowledge",
    "LanguagePack": "bot.languages",
    "Library": "training.data",
    "Metric": "feedback.experiments",
    "InternalNote": "feedback.db",
    "ModelRequest": "feedback.db",
    "Order": "feedback.db",
    "PlannedLook": "feedback.experiments",
    "Page": "feedback.db",
    "PageLabel": "feedback.db",
    "Passage": "feedback.db",
    "Presence": "feedback.db",
    "Quotation": "serving",
    "Reader": "training.model",
    "Recommendation": "serving",
    "Reply": "feedback.db",
    "ReplyBook": "feedback.knowledge",
    "Retraining": "feedback.db",
    "Review": "feedback.db",
    "ShopSystem": "bot.shops",
    "Shopper": "feedback.db",
    "Signal": "feedback.signals",
    "StaffWait": "feedback.db",
    "Supersession": "feedback.db",
    "StaffSuggestion": "bot.knowledge",
    "Stratum": "feedback.experiments",
    "Survey": "feedback.db",
    "Trial": "feedback.db",
    "Turn": "serving",
    "Uplift": "feedback.experiments",
    "Segment": "feedback.experiments",
    "Visit": "feedback.dialogues",
}

# Names that stand twice, and why they may.
TWICE = {
    "Language": "a language pack, and the frames of a benchmark that ships with nothing",
}

# Words the glossary warns of that are right where they stand.
WARNED_OF = {
    "Inbox": "the transactional inbox of Slack's events, as the pattern is called",
    "Session": "the body of the HTTP interface `/api/chat/sessions`",
    "Translation": "a product's words in another language, as its file brings them",
    "Variable": "WooCommerce's own word for a product with variants",
    "Variation": "WooCommerce's own word for a variant",
}


@cache
def classes() -> dict[str, list[str]]:
    """The public classes of the product: the modules where each name stands."""
    found = defaultdict(list)
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            if "migrations" in path.parts:
                continue
            module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
            for node in ast.parse(path.read_text(encoding="utf-8")).body:
                if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                    found[node.name].append(module)
    return dict(found)


def glossary() -> tuple[set[str], set[str]]:
    """Its terms, and the words it says not to use for them, both as classes are written."""
    text = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    rows = [re.split(r"(?<!\\)\|", line)[1:4] for line in text.splitlines() if line[:2] == "| "]
    terms, warned = set(), set()
    for term, _, others in rows[1:]:
        terms |= {as_class(word) for word in term.split(",")}
        warned |= {as_class(word) for word in others.split(",") if word.strip()}
    return terms, warned - terms


def as_class(term: str) -> str:
    """
    >>> as_class(" version label")
    'VersionLabel'
    """
    return "".join(word[:1].upper() + word[1:] for word in re.split(r"[ -]", term.strip()))


def is_at_home(name: str, module: str) -> bool:
    """Whether a glossary's word stands in the room that holds its thing."""
    return name in HOMES and f"{module}.".startswith(f"{HOMES[name]}.")


class TestGlossary:
    def test_is_read(self):
        """A table of another form would let everything pass."""
        terms, warned = glossary()

        assert {"Dialogue", "Reply", "VersionLabel", "RollBack"} <= terms
        assert {"Escalation", "Utterance"} <= warned
        assert len(classes()) > 300

    def test_a_class_named_by_a_term_is_that_terms_thing(self):
        """It stands in the room that holds it."""
        terms, _ = glossary()
        elsewhere = {
            name: modules
            for name, modules in classes().items()
            if name in terms and not all(is_at_home(name, module) for module in modules)
        }

        assert {} == elsewhere

    def test_no_word_it_warns_of_names_a_class(self):
        """But for a few that are another's words, or a pattern's name."""
        _, warned = glossary()

        assert set() == (warned & set(classes())) - set(WARNED_OF)

    def test_no_public_class_name_stands_twice(self):
        """Searching for a name leads to one thing."""
        twice = {name for name, modules in classes().items() if len(modules) > 1}

        assert set() == twice - set(TWICE)
