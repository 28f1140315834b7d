"""What each key means, for editors to show; a test compares the keys with those that the readers know."""

from __future__ import annotations

DEFINITION = {
    "description": "What the notification is for, in a sentence.",
    "category": "Which rules hold for it: whether it may, has to or must not offer to unsubscribe.",
    "params": "What it takes: types by name, or package.module:Model for a pydantic model or dataclass.",
    "types": "Names for types, each with fields, or for another type.",
    "subject": "The subject: a text template, or one for each locale.",
    "preheader": "The line that inboxes show beside the subject: a text template, or one for each locale.",
    "html": "The HTML part: a template in place, or the name of one. By default <id>.html, if there is one.",
    "text": "The text part, likewise. By default <id>.txt, else derived from the HTML; auto derives it in any case.",
    "markdown": "A body that gives both parts: a template in place, or the name of one. Excludes html.",
    "markdown_layout": "The template around the Markdown, instead of notify/markdown.html.",
    "sender": "Who it comes from, instead of sender in notify.yaml.",
    "reply_to": "Where answers go, one address or a list; a call can replace it.",
    "cc": "Who gets a copy, one address or a list; a call can replace it.",
    "bcc": "Who gets a hidden copy, one address or a list; a call can replace it.",
    "headers": "Further headers: a text template for each name.",
    "tags": "Words that the provider is to count the message under, one or a list.",
    "options": "What one provider only understands: values by name, by provider.",
    "delivery": "Whether it is offered again where it is not known if it was taken; then it may arrive twice.",
    "digest": "How calls that are queued for one recipient become one message.",
    "throttle": "How many messages one recipient gets in how long through the outbox, such as 3/hour.",
    "attachments": "Files that go with it.",
    "samples": "Example params by name, for previews, checks and tests.",
    "check": "What notify check is to pass over here.",
}
DIGEST = {
    "window": "How long the first call waits for others, such as 15m or 1h.",
    "by": "What calls have in common that go into one message: recipient, and names of params.",
    "max": "The most calls in one message, by default 50.",
    "param": "The list whose items are put together; by default the only param of type list[...].",
}
THROTTLE = {
    "rate": "How many in how long, such as 3/hour.",
    "over": "Whether what is more waits for its turn or is cancelled.",
}
PARAM = {
    "type": "The type, as Python writes it: str, list[Item], 'a' | 'b', X | None.",
    "default": "The value where none is given; it makes the param optional.",
    "description": "What it is, in a sentence.",
    "sensitive": "Whether the value is kept out of errors, logs and listings.",
    "min_length": "How long it is at least.",
    "max_length": "How long it is at most.",
    "pattern": "A regular expression that is found in the text; ^...$ for the whole of it.",
    "ge": "The least value.",
    "gt": "A value that it is above.",
    "le": "The greatest value.",
    "lt": "A value that it is below.",
    "min": "The same as ge.",
    "max": "The same as le.",
    "schemes": "Schemes beside http and https, such as mailto.",
}
ATTACHMENT = {
    "path": "A file below the attachments folder; a text template.",
    "param": "The name of a param of type bytes that holds the file.",
    "filename": "What the reader sees; by default the path's own name.",
    "type": "The media type; by default what the filename's suffix stands for.",
    "cid": "Makes it inline: cid:NAME in the HTML shows it.",
    "method": "The method of an invitation (text/calendar), such as REQUEST.",
}
SAMPLE = {
    "to": "The recipient.",
    "locale": "The locale, such as fr or pt-BR.",
    "expect": "What tests expect of the mail.",
    "extends": "Another sample of the file that this one lies on top of.",
}
CONFIGURATION = {
    "sender": "Who messages come from, where neither the definition nor the call says so.",
    "notifications": "The folder of definitions, or several; by default notifications.",
    "templates": "The folder of templates, or several, the first that has one wins; by default templates.",
    "attachments": "The only folder that definitions can attach files from; by default attachments.",
    "plugins": "Folders of the project's own plugins: each .py file or package in them is one.",
    "globals": "What every template sees.",
    "default_locale": "The locale where a call names none, and the last to fall back to; by default en.",
    "default_environment": "The environment that holds where NOTIFY_ENV selects none.",
    "categories": "Further categories, each with its rule for unsubscribing, and what people read about it.",
    "types": "Types that all definitions share.",
    "jinja": "How templates are run.",
    "themes": "Globals by the name of a theme, laid over the others when a mail asks for it.",
    "environments": "The environments by name.",
    "transports": "Settings of transports by name; an environment can override them.",
    "state": "The SQLite file that keeps how much was sent and which transports are down; or outbox, for its database.",
    "outbox": "The URL of the database that keeps what is still to be sent; by default sqlite:///.notify/outbox.db.",
    "outbox_key": "The key that seals sensitive params in the outbox, or several: the first seals, each opens.",
    "outbox_retention": "How long the outbox keeps jobs after they were sent or cancelled, or after each end.",
    "unsubscribe": "Where people unsubscribe: the address of the pages, and the keys that sign the links.",
    "feedback": "What is kept of what became of mails; once it is there, suppressed people are not written to.",
    "check": "What notify check looks at in the whole project.",
}
ENVIRONMENT = {
    "transport": "What carries the mail: a name, a DSN, a group such as {failover: [a, b]}, or {type: ..., ...}.",
    "transports": "Settings that are merged over those of the same name below the file's transports.",
    "redirect_to": "An address that gets every message in place of its recipients.",
    "allow": "Recipients who are not redirected; without redirect_to, the only ones who get anything. Globs.",
    "subject_prefix": "Put before every subject that does not begin with it.",
    "sender": "Who messages come from, in place of the file's sender.",
    "globals": "What templates see, merged over the file's globals.",
    "auto_reload": "Whether templates that changed are read again.",
    "state": "The SQLite file of this environment, or outbox, in place of the file's.",
    "outbox": "The URL of this environment's outbox, in place of the file's.",
    "outbox_key": "The key, or the keys, of this environment's outbox, in place of the file's.",
    "outbox_retention": "How long this environment's outbox keeps jobs, in place of the file's.",
    "unsubscribe": "Where people unsubscribe in this environment, merged over the file's.",
    "feedback": "What is kept of what became of mails in this environment, merged over the file's.",
}
RETENTION = {
    "sent": "How long those are kept that were sent, such as 30 days.",
    "failed": "How long those are kept that a person was to look at.",
    "dead": "How long those are kept that were refused, or tried too often.",
    "cancelled": "How long those are kept that were taken back.",
}
CHECK = {
    "ignore": "Rules that do not count, each with the reason.",
    "allow_hosts": "Hosts of links that look like placeholders and are none.",
    "clients": "Mail programs that have to show the mails: families or family.platform of caniemail.com.",
    "limits": "Thresholds of rules by their id.",
}
IN_DEFINITION = ("ignore",)
"""The keys of `check` that a definition has."""
CATEGORY = {
    "unsubscribe": "Whether mails of this category have an unsubscribe link: they must, may or must not.",
    "consent": "Whether people get its mails until they say no (opt-out), or only after they said yes (opt-in).",
    "suppression": "Whether its mails heed the suppression list or pass it; those that have to arrive pass it.",
    "title": "What people read on the preference page; by default the category's name.",
    "description": "A sentence about it on the preference page.",
}
UNSUBSCRIBING = {
    "url": "Where the pages answer: https, and reachable by everybody who gets mail.",
    "keys": "The key that signs the links, or several: the first signs, each is believed.",
    "lifetime": "How long a link works, such as 90 days.",
    "mailto": "The address that takes mails which unsubscribe.",
}
FEEDBACK = {
    "log": "Whether mails that are sent directly are logged too; those of the outbox always are.",
    "keep": "How long the log is kept, such as 90 days.",
    "addresses": "How the log and the suppression list name people: by their addresses, or hashed with the key.",
    "key": "The key of hashed addresses; a suppression list made with another one is refused.",
    "groups": "The category that each group of the provider, which people leave there, stands for.",
}
SANDBOX = "Whether templates run in Jinja2's sandbox; false lets them reach every attribute."
TYPE = "The type of transport, where its name is not one."
