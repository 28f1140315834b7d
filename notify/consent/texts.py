"""The words of the pages, by locale; `{...}` stands for what a page knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

ENGLISH: Mapping[str, str] = {
    "unsubscribe_title": "Unsubscribe",
    "unsubscribe_ask": "Stop sending \u201c{name}\u201d to {address}?",
    "unsubscribe_ask_all": "Stop sending mails to {address}?",
    "unsubscribe_note": "Mails that have to reach you, such as sign-in codes, still arrive.",
    "unsubscribe_button": "Unsubscribe",
    "unsubscribed_title": "You are unsubscribed",
    "unsubscribed_words": "\u201c{name}\u201d is not sent to {address} any more.",
    "unsubscribed_words_all": "No more mails are sent to {address}.",
    "unsubscribed_soon": "What is already on its way may still arrive.",
    "preferences_link": "See all your mail preferences",
    "preferences_title": "Your mail preferences",
    "preferences_words": "Choose what {address} gets from us.",
    "preferences_none": "There is nothing to choose.",
    "preferences_fixed": "Always sent",
    "preferences_save": "Save",
    "preferences_leave_all": "Unsubscribe from everything",
    "preferences_saved": "Your preferences are saved.",
    "refused_title": "This link does not work",
    "refused_words": "It is incomplete or has expired, and nothing was changed. Please use the link of a newer mail.",
    "wrong_title": "That did not work",
    "wrong_words": "Something was missing, and nothing was changed. Please go back, and use the button of the page.",
    "failed_title": "That did not work just now",
    "failed_words": "Please try again in a few minutes.",
    "missing_title": "There is no such page",
    "missing_words": "Please use the link of a mail.",
}


class Texts:
    """The words of the pages in all languages that there are.

    Args:
        others: words by key, by locale; what a locale does not say, is said in English. `en` changes the English.

    Raises:
        ValueError: a key is none, or words cannot be filled in.
    """

    def __init__(self, others: Mapping[str, Mapping[str, str]] | None = None) -> None:
        others = others or {}
        for locale, words in others.items():
            _check(locale, words)
        english = {**ENGLISH, **others.get("en", {})}
        self._words = {"en": english, **{locale: {**english, **words} for locale, words in others.items()}}

    def best(self, accepted: str) -> tuple[str, Mapping[str, str]]:
        """The locale that somebody likes best, and its words.

        Args:
            accepted: what Accept-Language says (RFC 9110, section 12.5.4); what is not understood is passed over.
        """
        known = {locale.lower(): locale for locale in self._words}
        for wanted in _by_liking(accepted):
            for candidate in (wanted, wanted.partition("-")[0]):
                if candidate in known:
                    return known[candidate], self._words[known[candidate]]
        return "en", self._words["en"]


def _check(locale: str, words: Mapping[str, str]) -> None:
    if unknown := sorted(words.keys() - ENGLISH.keys()):
        raise ValueError(f"texts of {locale}: there is no {unknown[0]!r}; there are {', '.join(ENGLISH)}")
    for key, text in words.items():
        try:
            text.format(address="", name="")
        except (ValueError, LookupError, AttributeError):
            raise ValueError(
                f"texts of {locale}: {key}: expected no braces but {{address}} and {{name}}, got {text!r:.80}"
            ) from None


def _by_liking(accepted: str) -> list[str]:
    liked: list[tuple[float, str]] = []
    for item in accepted.split(","):
        name, _, parameter = item.partition(";")
        try:
            liking = float(parameter.strip().removeprefix("q=")) if parameter else 1.0
        except ValueError:
            continue
        if liking > 0:
            liked.append((liking, name.strip().lower()))
    return [name for _, name in sorted(liked, key=lambda pair: -pair[0])]
