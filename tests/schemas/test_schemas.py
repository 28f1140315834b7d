"""The JSON Schemas: what is right validates, what is wrong does not, and nothing is missing."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft7Validator

from notify.configuration import Configuration, checking
from notify.configuration.file import ENVIRONMENT_KEYS, KEYS, read_configuration
from notify.definition import Rules, attachments, read_definition, reading
from notify.params import SAMPLE_NAMES
from notify.params.constraints import LONG_FORM
from notify.plugins import Plugins
from notify.resources import templates_folder
from notify.schemas import Vocabulary, configuration_schema, definition_schema, schema_texts, words
from notify.yamlnodes import Reader, plain

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
PROJECTS = [ROOT / "examples/shop", ROOT / "bench/project", templates_folder() / "scaffold/project"]
_BLOCK = re.compile(r"^```yaml\n# (?P<name>[\w./]+\.yaml)[^\n]*\n(?P<text>.*?)^```", re.MULTILINE | re.DOTALL)


def document(text: str) -> Any:
    """What a YAML text says, as notify reads it."""
    reader = Reader()
    root = reader.parse(text, "f.yaml")
    assert root is not None, reader.faults
    return plain(root)


def problems(schema: dict[str, Any], value: Any) -> list[str]:
    """What a validator says."""
    return [f"{list(error.path)}: {error.message}" for error in Draft7Validator(schema).iter_errors(value)]


def names_of(folder: Path) -> Vocabulary:
    """The names of a project."""
    configuration = Configuration.load(folder)
    return Vocabulary.of(configuration, Plugins(configuration.plugins))


def blocks() -> Iterator[tuple[str, str, str]]:
    """Every YAML file of the manual: page, name and text."""
    for page in sorted((ROOT / "docs").glob("*.md")):
        for found in _BLOCK.finditer(page.read_text(encoding="utf-8")):
            yield page.name, found["name"], found["text"]


@pytest.mark.parametrize("folder", PROJECTS, ids=lambda folder: folder.name)
def test_every_definition_and_configuration_of_the_examples_is_right(folder: Path) -> None:
    """No false alarm where notify has none."""
    names = names_of(folder)
    files = [path for each in Configuration.load(folder).notifications for path in each.rglob("*.yaml")]

    assert files
    assert [] == problems(configuration_schema(names), document((folder / "notify.yaml").read_text("utf-8")))
    for file in files:
        assert [] == problems(definition_schema(names), document(file.read_text(encoding="utf-8"))), file


def test_every_file_of_the_manual_that_notify_takes_is_right(tmp_path: Path) -> None:
    """The schema is never stricter than the reader."""
    vocabulary = Vocabulary(transports=Plugins(disabled=()).transports())
    counts = [0, 0]
    for page, name, text in blocks():
        path = tmp_path / "notify.yaml"
        path.write_text(text, encoding="utf-8")
        reader = Reader()
        if name == "notify.yaml":
            try:
                known = list(read_configuration(path).environments)
            except ValueError:
                continue
            schema = configuration_schema(Vocabulary(transports=vocabulary.transports, environments=known))
        elif name.startswith("notifications/"):
            read_definition(reader, path, "case", name, Rules(categories=frozenset({"digest"})))
            if reader.faults:
                continue
            schema = definition_schema(Vocabulary(categories=("transactional", "security", "marketing", "digest")))
        else:
            continue
        counts[name == "notify.yaml"] += 1
        assert [] == problems(schema, document(text)), (page, name, text)

    assert min(counts) > 5


RIGHT = [
    "html: welcome.html",
    "html: <p>in place</p>",
    "params: shop.models:Order",
    "params: {a: {type: str, min_length: 1, schemes: tel}, b: \"list['x' | 1] | None\"}",
    "types: {A: str, B: {x: A}, C: {type: int, ge: 1.5}, D: {type: str, code: int}, E: 'm:N'}",
    "samples: {default: {to: a@acme.example, locale: pt_BR, anything: [1]}, b: {extends: default, expect: {}}}",
    "attachments: [{path: a.pdf}, {param: file, filename: a.pdf, type: text/plain, cid: x}]",
    "markdown: a.md\nmarkdown_layout: b.html",
    "tags: one\ncc: [a@acme.example, b@acme.example]\ntext: auto",
    "check: {ignore: {link-http: it is so}}",
    "preheader: {en: a, zh-Hant: b}",
]
WRONG = [
    "htlm: x",
    "category: trasnactional",
    "params: [a]",
    "params: {1a: str}",
    "params: {subject: str}",
    "params: {to: str}",
    "params: {brand: str}",
    "params: {a: {typ: str}}",
    "params: {a: {type: str, max_length: many}}",
    "params: {a: {default: 1}}",
    "params: not a model",
    "types: {A: {type: str, sensitive: 'yes'}}",
    "html: {en: x}",
    "html: 1",
    "preheader: {}",
    "preheader: {english: x}",
    "markdown: a.md\nhtml: a.html",
    "markdown_layout: a.html",
    "cc: {a: b}",
    "headers: [a]",
    "delivery: twice",
    "attachments: [{filename: a.pdf}]",
    "attachments: [{path: a, param: b, filename: c}]",
    "attachments: [{param: b}]",
    "attachments: {path: a}",
    "samples: [a]",
    "samples: {a b: {}}",
    "samples: {a: {locale: english}}",
    "options: {sendgrid: 1}",
    "check: {limits: {}}",
]


@pytest.mark.parametrize("text", RIGHT)
def test_right_definitions(text: str) -> None:
    """Every form that a key may have."""
    assert [] == problems(definition_schema(Vocabulary(templates=["welcome.html"])), document(f"subject: A\n{text}"))


@pytest.mark.parametrize("text", WRONG)
def test_wrong_definitions(text: str) -> None:
    """What the reader refuses for its shape, the schema refuses."""
    schema = definition_schema(Vocabulary(globals=["brand"]))

    assert problems(schema, document(f"subject: A\n{text}"))
    assert problems(schema, document("text: x"))


RIGHT_CONFIGURATIONS = [
    "transports: {sendgrid: {api_key: '${KEY}', pool: '${POOL}', limits: 100/day, verified_senders: [a, b]}}",
    "transports: {relay: {type: smtp, host: localhost, port: '25', tls: none, timeout: 1.5, transcript: true}}",
    "transports: {a: 'smtp://localhost', b: {failover: [sendgrid, a]}, sendgrid: {type: smtp, host: x}}",
    "transports: {a: {type: failover, transports: [sendgrid]}, b: {type: '${KIND}', anything: 1}}",
    "environments: {development: {transport: null}, test: {transport: {roundrobin: [a, b]}, allow: '*'}}",
    "environments: {development: {transport: {type: file, folder: x}, globals: {a: 1}, auto_reload: false}}",
    "categories: {digest: {unsubscribe: required}, other: {}}\nthemes: {dark: {a: 1}}\njinja: {sandbox: false}",
    "notifications: [a, b]\ntypes: {A: {x: str}}\ndefault_environment: development",
]
WRONG_CONFIGURATIONS = [
    "sendr: x",
    "transports: {sendgrid: {api_kye: x}}",
    "transports: {sendgrid: {pool: many}}",
    "transports: {relay: {type: smtp, tls: maybe}}",
    "transports: {relay: {type: smpt}}",
    "transports: {sendgrid: {type: smtp, api_key: x}}",
    "transports: {sendgrid: {over_limit: explode}}",
    "transports: [sendgrid]",
    "environments: {development: {transprot: file}}",
    "environments: {development: {transport: {type: memory, limit: some}}}",
    "environments: {development: {auto_reload: 'no'}}",
    "categories: {digest: {unsubscribe: sometimes}}",
    "jinja: {sandbox: 1}",
    "default_locale: english",
    "default_environment: developmnet",
    "themes: {a b: {}}",
    "check: {limit: {}}",
]


@pytest.fixture(scope="module")
def configurations() -> dict[str, Any]:
    """The schema of notify.yaml with the built-in transports."""
    return configuration_schema(
        Vocabulary(transports=Plugins(disabled=()).transports(), environments=["development", "test"])
    )


@pytest.mark.parametrize("text", RIGHT_CONFIGURATIONS)
def test_right_configurations(configurations: dict[str, Any], text: str) -> None:
    """Every form that a key may have; any setting may be a variable."""
    assert [] == problems(configurations, document(text))


@pytest.mark.parametrize("text", WRONG_CONFIGURATIONS)
def test_wrong_configurations(configurations: dict[str, Any], text: str) -> None:
    """Settings are those of the transport's type."""
    assert problems(configurations, document(text))


def test_every_key_has_its_words() -> None:
    """The schemas describe the keys that the readers know, and no others."""
    assert words.DEFINITION.keys() == set(reading._KEYS)
    assert words.PARAM.keys() == set(LONG_FORM)
    assert words.ATTACHMENT.keys() == set(attachments._KEYS)
    assert words.SAMPLE.keys() == set(SAMPLE_NAMES)
    assert words.CONFIGURATION.keys() == set(KEYS)
    assert words.ENVIRONMENT.keys() == set(ENVIRONMENT_KEYS)
    assert words.CHECK.keys() == set(checking.KEYS)
    assert set(words.IN_DEFINITION) <= words.CHECK.keys()


def test_every_property_is_described(configurations: dict[str, Any]) -> None:
    """An editor shows something for each key; the schemas themselves are right."""
    for schema in (configurations, definition_schema(Vocabulary(locales=["fr"]))):
        Draft7Validator.check_schema(schema)
        missing = [
            name
            for properties in _closed_properties(schema)
            for name, each in properties.items()
            if not each.get("description")
        ]
        assert [] == missing


def _closed_properties(schema: Any) -> Iterator[dict[str, Any]]:
    """The properties of every mapping that has no others."""
    if isinstance(schema, dict):
        if schema.get("additionalProperties") is False:
            yield schema["properties"]
        for value in schema.values():
            yield from _closed_properties(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from _closed_properties(value)


def test_the_names_of_a_project_are_offered() -> None:
    """Templates, locales, categories, types, globals and environments are the project's own."""
    names = names_of(ROOT / "examples/shop")
    definition, configuration = definition_schema(names), configuration_schema(names)

    assert "invoice.html" in definition["definitions"]["body"]["anyOf"][0]["enum"]
    assert "Customer" in definition["definitions"]["annotation"]["anyOf"][0]["enum"]
    assert "shop" in configuration["properties"]["globals"]["properties"]
    assert "staging" in configuration["properties"]["default_environment"]["enum"]
    assert "sendgrid" in configuration["definitions"]["transports"]["properties"]


def test_they_are_written_the_same_again() -> None:
    """Equal projects give equal bytes."""
    first, second = (schema_texts(Configuration.load(ROOT / "examples/shop"), Plugins(disabled=())) for _ in range(2))

    assert first == second
    assert {"definition.schema.json", "notify.schema.json"} == first.keys()
