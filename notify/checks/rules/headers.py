"""Rules about what an inbox shows of a mail: its subject and its preheader."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from notify.checks.mail import Mail
from notify.checks.reading.words import values
from notify.checks.rule import AnyRule, Problem, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u2060-\u2064\u3164\ufeff\uffa0]"
)
_LONG, _LONGEST = 60, 255
_FEWEST_CAPITALS, _CAPITALS = 8, 0.8
_ODD = re.compile(r"[!?]{2,}|[$€£]{2,}|\.{4,}")
_REPLY = re.compile(r"\s*(?:re|fwd?|aw|wg|tr)\s*:", re.IGNORECASE)
_SHORT_PREHEADER, _LONG_PREHEADER, _ROW = 30, 140, 90
_OPENING = 200
_SPAM = (
    "100% free", "act now", "buy now", "cash bonus", "click below", "congratulations, you", "dear friend",
    "double your", "earn extra", "extra income", "free gift", "free money", "free trial", "get paid", "get rich",
    "guaranteed", "limited time", "lowest price", "make money", "million dollars", "miracle", "money back",
    "no catch", "no obligation", "once in a lifetime", "order now", "prize", "risk free", "risk-free", "satisfaction",
    "special promotion", "this is not spam", "urgent", "while supplies last", "winner", "work from home",
    "you have been selected", "you have won", "you've been selected",
)  # fmt: skip
_PHRASE = re.compile(rf"\b(?:{'|'.join(map(re.escape, _SPAM))})\b")


@rule(
    Mail,
    "hdr-subject-length",
    severity="warning",
    why="Phones show the first 35 to 45 characters of a subject, desktop clients about 60; what comes later is not "
    "read.",
    example='subject: "Information concerning the current status of your order with the number {{ number }}"',
    cure="Begin with what matters, and leave the rest to the preheader.",
)
def subject_length(mail: Mail) -> Iterator[Problem]:
    """The subject is empty, or too long to be read."""
    subject = mail.message.subject.strip()
    limit = int(mail.settings.limits.get("hdr-subject-length", _LONG))
    length = _seen(subject)
    if not subject:
        yield Problem(mail.at_subject, "the subject is empty", "every mail needs one", "error")
    elif length > _LONGEST:
        message = f"the subject has {length} characters, more than {_LONGEST}"
        yield Problem(mail.at_subject, message, "limit the params in it: max_length", "error")
    elif length > limit and _is_usual(mail):
        message = f"the subject has {length} characters, and about {limit} can be seen"
        yield Problem(mail.at_subject, message, "begin with what matters, and leave the rest to the preheader")


def _is_usual(mail: Mail) -> bool:
    """Whether this is the notification's first sample; the others show what is rare, such as a very long name."""
    return mail.sample == next(iter(mail.definition.samples), None)


def _seen(text: str) -> int:
    return len(_INVISIBLE.sub("", text))


@rule(
    Mail,
    "hdr-subject-caps",
    severity="warning",
    why="Capitals read as shouting, and filters count them (SpamAssassin's SUBJ_ALL_CAPS).",
    example="subject: YOUR ORDER HAS SHIPPED",
    cure="Write it as a sentence.",
)
def subject_caps(mail: Mail) -> Iterator[Problem]:
    """The subject is written in capitals."""
    written = mail.message.subject
    for value in values(mail.params):  # an order number may be in capitals
        if len(value) > 1:
            written = written.replace(value, "")
    letters = [letter for letter in written if letter.isupper() or letter.islower()]
    share = sum(map(str.isupper, letters)) / len(letters) if letters else 0.0
    if len(letters) >= _FEWEST_CAPITALS and share >= mail.settings.limits.get("hdr-subject-caps", _CAPITALS):
        yield Problem(mail.at_subject, "the subject is written in capitals", "write it as a sentence")


@rule(
    Mail,
    "hdr-subject-punctuation",
    severity="warning",
    why="Filters and readers take it for spam; a Re: that answers nothing is a deception.",
    example="subject: Your order is here!!!",
    cure="Use one sign at most, and no Re: or Fwd:.",
)
def subject_punctuation(mail: Mail) -> Iterator[Problem]:
    """The subject has repeated signs, or pretends to be an answer."""
    if found := _ODD.search(mail.message.subject):
        yield Problem(mail.at_subject, f"the subject has {found[0]!r}", "one sign is enough")
    if found := _REPLY.match(mail.message.subject):
        message = f"the subject begins with {found[0].strip()!r}, and the mail answers nothing"
        yield Problem(mail.at_subject, message, "remove it")


@rule(
    Mail,
    "hdr-spam-words",
    severity="info",
    why="Phrases of this kind, several at once, cost reputation with filters and with readers.",
    example='subject: "Act now: your free gift"',
    cure="Say what the mail is about in plain words.",
)
def spam_words(mail: Mail) -> Iterator[Problem]:
    """The subject and the first words have several phrases of spam."""
    opening = f"{mail.message.subject} {' '.join(mail.text.split())[:_OPENING]}".casefold()
    found = list(dict.fromkeys(_PHRASE.findall(opening)))
    if len(found) >= mail.settings.limits.get("hdr-spam-words", 2):
        shown = ", ".join(map(repr, found))
        yield Problem(mail.at_subject, f"the subject and the first words have {shown}", "say it in plain words")


@rule(
    Mail,
    "hdr-preheader",
    severity="warning",
    why="Inboxes show about 100 characters beside the subject; without a preheader these are the first words of the "
    "body, such as the name in the header.",
    example="subject: Your invoice\n# no preheader",
    cure="Write `preheader:` with 30 to 140 characters that go on where the subject ends. The base layout keeps the "
    "body out of the row.",
)
def preheader(mail: Mail) -> Iterator[Problem]:
    """The preheader is missing, repeats the subject, or has an odd length."""
    if not mail.html:
        return
    hidden = _hidden(mail)
    shown = " ".join(_INVISIBLE.sub("", hidden).split())
    if not shown:
        hint = "write `preheader:` with what goes on where the subject ends"
        yield Problem(mail.at_preheader, "there is no preheader: the inbox shows the first words of the body", hint)
    elif shown.casefold() == mail.message.subject.strip().casefold():
        yield Problem(mail.at_preheader, "the preheader repeats the subject", "go on where the subject ends")
    elif len(shown) > mail.settings.limits.get("hdr-preheader", _LONG_PREHEADER) and _is_usual(mail):
        message = f"the preheader has {len(shown)} characters, and inboxes show about 100"
        yield Problem(mail.at_preheader, message, "make it shorter", "info")
    elif len(shown) < _SHORT_PREHEADER and len(hidden) < _ROW:
        message = f"the preheader has {len(shown)} characters, and the inbox goes on with the first words of the body"
        hint = "write more, or let notify/base.html show it, which keeps the body out"
        yield Problem(mail.at_preheader, message, hint, "info")


def _hidden(mail: Mail) -> str:
    """The text that comes before all that can be seen, and cannot be seen itself."""
    pieces: list[str] = []
    for element in mail.page.elements:
        if element.has_words:
            if not mail.page.looks[element].hidden:
                break
            pieces += (each for each in element.children if isinstance(each, str))
    return "".join(pieces)


RULES: tuple[AnyRule, ...] = (
    subject_length, subject_caps, subject_punctuation, spam_words, preheader,
)  # fmt: skip
