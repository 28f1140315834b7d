"""What plugins decide is told with their names."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from notify import Notifier
from notify.configuration import Configuration
from notify.explaining import Asked, Explanation, Fact, explain

if TYPE_CHECKING:
    from pathlib import Path

CONFIGURATION = """\
sender: a@acme.example
plugins: plugins
globals: {shop: Acme}
environments: {development: {transport: memory}}
transports:
  other: {type: pigeon, loft: here, limits: 10/second}
  both: {type: failover, transports: [memory, other]}
"""
PLUGIN = """\
from pathlib import Path
from notify import Transport, hookimpl, setting

class Pigeon(Transport):
    loft: Path = setting("Where the pigeons live.")
    speed: str = setting("How fast.", default="fast")

    def __init__(self, **settings):
        super().__init__(**settings)
        self.speed = "slow"

    def send(self, message):
        raise NotImplementedError

    def objection(self, message):
        OBJECTION

@hookimpl
def notify_transports():
    return {"pigeon": Pigeon}

@hookimpl
def notify_jinja_environment(environment):
    environment.globals["wings"] = 2

@hookimpl
def notify_context(definition, params):
    return {"basket": {"a": 1}, "shop": "x", "name": "y", "locale": "z", "token": params["code"]}
"""
OTHER = """\
from notify import hookimpl

@hookimpl
def notify_message(message):
    MESSAGE

@hookimpl
def notify_select_transport(message):
    return CHOICE
"""
DEFINITION = """\
params: {name: str, code: {type: str, sensitive: true}}
subject: Hello
headers: {X-Own: mine}
tags: [one]
options: {pigeon: {ring: 1, wind: 2}}
attachments: [{path: a.txt, filename: a.txt}]
text: |
  {{ name }} {{ wings }} {{ basket.a }} {{ shop }}
samples: {default: {name: Ada, code: hidden-code}}
"""


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """A project whose plugins do nothing yet."""
    for name in ("plugins", "notifications", "attachments"):
        (tmp_path / name).mkdir()
    (tmp_path / "notify.yaml").write_text(CONFIGURATION)
    (tmp_path / "attachments" / "a.txt").write_text("a")
    (tmp_path / "notifications" / "hi.yaml").write_text(DEFINITION)
    return tmp_path


def explained(
    base: Path, *, change: str = "pass", choice: str = "None", objection: str = "return None", via: str | None = None
) -> Explanation:
    """The explanation with plugins that do this."""
    (base / "plugins" / "birds.py").write_text(PLUGIN.replace("OBJECTION", objection))
    (base / "plugins" / "audit.py").write_text(OTHER.replace("MESSAGE", change).replace("CHOICE", choice))
    notifier = Notifier(configuration=Configuration.load(base))
    sample = notifier.catalog["hi"].samples["default"]
    with notifier:
        given = Asked(sample="default", params=sample.params, node=sample.node, via=via)
        return explain(notifier, notifier.catalog["hi"], given)


def facts(explanation: Explanation, key: str) -> dict[str, Fact]:
    """The facts of a section by name."""
    return {fact.name: fact for section in explanation.sections if section.key == key for fact in section.facts}


def test_names_for_templates(base: Path) -> None:
    """Each name says which plugin gives it, what it is, and what hides it; sensitive values stay hidden."""
    context = facts(explained(base), "context")

    assert {"basket": "a mapping", "shop": "Acme", "name": "'y'", "locale": "'z'", "token": "'***'", "wings": "2"} == {
        name: str(fact.value) for name, fact in context.items()
    }
    assert "the plugin 'birds'" == str(context["basket"].origin)
    assert "a plugin's notify_jinja_environment" == str(context["wings"].origin)
    assert ["the param"] == [each.value for each in context["name"].inner]
    assert ["the name that notify gives templates"] == [each.value for each in context["locale"].inner]


def test_a_changed_message(base: Path) -> None:
    """What a plugin changed is told to be the plugin's, and the rest keeps its own place."""
    explanation = explained(
        base,
        change=(
            "from notify import Attachment\n"
            "    return message.replace(\n"
            "        subject='Changed', sender='b@acme.example', to='c@x.example', cc='d@x.example',\n"
            "        reply_to='e@x.example', headers=(*message.headers, ('X-New', 'n')), tags=('two',),\n"
            "        metadata={'k': 'v'}, delivery='at_least_once', options={'pigeon': {'ring': 1, 'wind': 3}},\n"
            "        return_path='f@acme.example',\n"
            "        message_id='<a@other.example>',\n"
            "        attachments=(*message.attachments, Attachment('b.txt', content=b'b')))"
        ),
    )

    definition, message, envelope = (facts(explanation, key) for key in ("definition", "message", "envelope"))
    mine = [
        name for name, fact in {**definition, **message, **envelope}.items() if str(fact.origin) == "the plugin 'audit'"
    ]
    assert [
        "delivery", "sender", "to", "cc", "reply_to", "header X-New", "tags", "metadata k", "option pigeon.wind",
        "attachment", "message_id_domain", "subject",
    ] == mine  # fmt: skip
    assert "the definition, notifications/hi.yaml:3:18" == str(message["header X-Own"].origin)
    assert "the definition, notifications/hi.yaml:5:26" == str(message["option pigeon.ring"].origin)
    assert ("f@acme.example", "other.example") == (envelope["sender"].value, envelope["message_id_domain"].value)
    assert ["c@x.example", "d@x.example"] == envelope["recipients"].value


def test_a_plugin_that_fails(base: Path) -> None:
    """A plugin that breaks is a problem without the sensitive values in it; what follows is of the message before."""
    explanation = explained(base, change="raise ValueError(message.subject + ' hidden-code')")

    problem = facts(explanation, "templates")["rendered"].problems[0]
    assert "the plugin 'audit' failed in notify_message: ValueError: Hello ***" == problem.text
    assert ["recipient@example.com"] == facts(explanation, "envelope")["recipients"].value
    assert "objection" not in facts(explanation, "transport")


def test_a_context_that_fails(base: Path) -> None:
    """A plugin that cannot give its names is a problem there, told with its name."""
    (base / "plugins" / "late.py").write_text(
        "from notify import hookimpl\n\n@hookimpl\ndef notify_context(params):\n    raise KeyError(params['code'])\n"
    )

    context = facts(explained(base), "context")

    assert "the plugin 'late' failed in notify_context: KeyError: '***'" == context["notify_context"].problems[0].text


def test_a_selected_transport(base: Path) -> None:
    """The plugin that chose the transport is named; its settings have their places."""
    transport = facts(explained(base, choice="'other'"), "transport")

    assert ("other", "the plugin 'audit'") == (transport["name"].value, str(transport["name"].origin))
    assert ("pigeon", "the plugin 'birds'") == (transport["type"].value, str(transport["type"].origin))
    assert ("here", "notify.yaml:6:25") == (transport["loft"].value, str(transport["loft"].origin))
    assert ("slow", "its type, and the other settings") == (
        transport["speed"].value,
        str(transport["speed"].origin),
    )
    assert (["10/second"], "notify.yaml:6:37") == (transport["limits"].value, str(transport["limits"].origin))
    assert "0 of 10/second used" == transport["now"].value


def test_a_group(base: Path) -> None:
    """A group lists its members, each with its own settings and places."""
    transport = facts(explained(base, via="both"), "transport")

    members = transport["transports"]
    assert ["memory", "other"] == members.value
    inner = {fact.name: fact for fact in members.inner[1].inner}
    assert ("pigeon", "notify.yaml:6:25") == (inner["type"].value, str(inner["loft"].origin))


def test_a_transport_that_there_is_not(base: Path) -> None:
    """A plugin that chose what there is not is a problem of the transport, and there is no carrier."""
    explanation = explained(base, choice="'nope'")

    assert "the plugin 'audit' chose the transport 'nope'" in facts(explanation, "transport")["name"].problems[0].text
    assert explanation.carrier is None


@pytest.mark.parametrize(
    ("objection", "text"),
    [
        ("return 'too heavy: hidden-code'", "too heavy: ***"),
        ("raise ValueError('hidden-code')", "the transport 'pigeon' failed in objection: ValueError: ***"),
        ("from notify import ConfigError; raise ConfigError('no loft')", "no loft"),
    ],
)
def test_objections(base: Path, objection: str, text: str) -> None:
    """What a transport objects, or how it fails to say, is a problem without sensitive values."""
    (base / "notify.yaml").write_text(CONFIGURATION.replace("loft: here, limits: 10/second", "loft: here"))

    explanation = explained(base, objection=objection, via="other")

    assert [text.replace("'pigeon'", "'other'")] == [
        each.text for each in facts(explanation, "transport")["objection"].problems
    ]


def test_templates_of_a_plugin(base: Path, tmp_path: Path) -> None:
    """A template that a plugin brings is shown with its path, or its name where it has none."""
    (base / "plugins" / "brings.py").write_text(
        "import jinja2\nfrom notify import hookimpl\n\n@hookimpl\ndef notify_templates():\n"
        f"    return [{str(tmp_path / 'elsewhere')!r}, jinja2.DictLoader({{'kept.html': 'x'}})]\n"
    )
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "far.html").write_text("{% include 'kept.html' %}")
    (base / "notifications" / "hi.yaml").write_text(DEFINITION.replace("text: |", "html: far.html\ntext: |"))

    html = facts(explained(base), "templates")["html"]

    assert "elsewhere/far.html" == html.value
    assert [("includes", "kept.html")] == [(each.name, each.value) for each in html.inner if each.name == "includes"]
