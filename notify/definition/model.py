"""What a definition says, as values."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from notify.addresses import Address
    from notify.definition.gathering import Digest, Throttle
    from notify.definition.ignoring import Ignored
    from notify.errors import Location
    from notify.params import Contract
    from notify.yamlnodes import MappingNode


@dataclass(frozen=True, slots=True)
class InPlace:
    """A template that is written in the YAML file.

    `location` is where the first character of `source` stands. `by_line` says that every line of `source` is a line of
    the file (a literal block, or a value on one line), so that a line number in the template gives one in the file.
    `indent` is how far a literal block is indented, so that columns can be told too.
    """

    source: str
    location: Location
    by_line: bool = True
    indent: int = 0


@dataclass(frozen=True, slots=True)
class Named:
    """A template file's name, and where the definition names it."""

    name: str
    location: Location


Body = InPlace | Named
Localized = dict[str, InPlace]
"""Templates by locale; a value that is the same for all locales stands under the empty string."""


@dataclass(frozen=True, slots=True)
class AttachmentTemplate:
    """An attachment as a definition declares it: exactly one of `path` (a template) and `param` (a name) is given."""

    location: Location
    path: InPlace | None = None
    param: str | None = None
    filename: InPlace | None = None
    type: InPlace | None = None
    cid: InPlace | None = None
    method: InPlace | None = None


@dataclass(frozen=True, slots=True)
class Sample:
    """Named example params, as written and with `extends` resolved; `node` is where each value stands."""

    name: str
    location: Location
    params: Mapping[str, Any] = field(default_factory=dict)
    to: Address | None = None
    locale: str | None = None
    expect: Mapping[str, Any] | None = None
    node: MappingNode | None = field(default=None, repr=False, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """One kind of thing to tell someone: one YAML file.

    `contract` is None where the file declares no params: then any are taken, unchecked.
    `text_auto` says that the text part is derived from the HTML although there is a text template.
    """

    id: str
    location: Location
    subject: Localized
    contract: Contract | None = None
    description: str = ""
    category: str = "transactional"
    preheader: Localized = field(default_factory=dict)
    html: Body | None = None
    text: Body | None = None
    markdown: Body | None = None
    markdown_layout: Named | None = None
    text_auto: bool = False
    sender: Address | None = None
    reply_to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    bcc: tuple[Address, ...] = ()
    headers: Mapping[str, InPlace] = field(default_factory=dict)
    tags: tuple[InPlace, ...] = ()
    options: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    delivery: str = "at_most_once"
    digest: Digest | None = None
    throttle: Throttle | None = None
    attachments: tuple[AttachmentTemplate, ...] = ()
    ignored: tuple[Ignored, ...] = ()
    samples: Mapping[str, Sample] = field(default_factory=dict)
