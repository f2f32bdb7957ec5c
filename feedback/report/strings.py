"""Strings of the report, by language; metrics bring their own titles."""

from collections.abc import Iterator, Mapping

from feedback.experiments import Metric
from feedback.languages import language_in


class ReportStrings(Mapping[str, str]):
    """The report's sentences in one language, by name."""

    def __init__(self, locale: str, sentences: Mapping[str, str]) -> None:
        """Take the sentences of `locale`."""
        self.locale = locale
        self._sentences = sentences

    def __getitem__(self, name: str) -> str:
        """The sentence of that name."""
        return self._sentences[name]

    def __iter__(self) -> Iterator[str]:
        """The names."""
        return iter(self._sentences)

    def __len__(self) -> int:
        """How many there are."""
        return len(self._sentences)

    def title(self, metric: Metric) -> str:
        """What the metric is called: as it says, as the language pack does, or in English."""
        said = metric.titles.get(self.locale) or self._sentences.get(metric.name)
        return said or metric.titles["en"]


def words_in(locale: str) -> ReportStrings:
    """The report's words in a language; English where it has none of its own."""
    language = language_in(locale)
    return ReportStrings(language.locale, {**language_in("en").report, **language.report})
