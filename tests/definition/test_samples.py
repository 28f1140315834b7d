"""Samples, and whether they are what the params say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from notify.addresses import Address
from notify.definition import check_samples

if TYPE_CHECKING:
    from definition.conftest import Define

SAMPLES = """\
subject: x
samples:
  default:
    customer: {name: Ada, email: ada@example.com}
    items: [1, 2]
    to: "Bob <bob@example.com>"
    locale: pt_BR
    expect: {subject: x}
  long: {extends: default, customer: {name: Wolfeschlegelsteinhausen}, items: [3]}
  longest: {extends: long, locale: fr, note: y, expect: {text: z}}
"""


def test_samples_extend_one_another(define: Define) -> None:
    """Mappings merge, lists are replaced; `to` and `locale` are taken over, `expect` is each sample's own."""
    definition, faults = define(SAMPLES)

    assert not faults
    assert definition is not None
    default, long, longest = definition.samples.values()
    assert default.params == {"customer": {"name": "Ada", "email": "ada@example.com"}, "items": [1, 2]}
    assert long.params == {
        "customer": {"name": "Wolfeschlegelsteinhausen", "email": "ada@example.com"},
        "items": [3],
    }
    assert longest.params == {**long.params, "note": "y"}
    assert [sample.to for sample in definition.samples.values()] == [Address("bob@example.com", "Bob")] * 3
    assert [sample.locale for sample in definition.samples.values()] == ["pt-BR", "pt-BR", "fr"]
    assert [sample.expect for sample in definition.samples.values()] == [{"subject": "x"}, None, {"text": "z"}]
    assert (long.name, long.location.line) == ("long", 9)


@pytest.mark.parametrize(
    ("samples", "fault"),
    [
        ("[a]", "2:10: samples: expected a mapping, got a list"),
        ("{a: 5}", "2:14: the sample 'a': expected a mapping, got the number 5"),
        ("{a: }", "2:14: the sample 'a': expected a mapping, got nothing (write {} for none)"),
        ("{'a b': {}}", "2:11: a sample cannot be called 'a b'"),
        ("{a: {}, b: {extends: aa}}", "2:31: there is no sample 'aa' (did you mean 'a'?)"),
        ("{defalt: {}, b: {extends: default}}", "2:36: there is no sample 'default' (did you mean 'defalt'?)"),
        ("{a: {extends: [b]}}", "2:24: extends: expected text, got a list"),
        ("{a: {extends: a}}", "2:24: the samples a > a extend one another in a circle"),
        ("{a: {to: nobody}}", "2:19: to: address 'nobody': there is no '@'"),
        ("{a: {locale: english}}", "2:23: locale: 'english' is not a locale"),
        ("{a: {locale: [x]}}", "2:23: locale: expected text, got a list"),
        ("{a: {expect: x}}", "2:23: expect of the sample 'a': expected a mapping, got 'x'"),
    ],
)
def test_what_is_wrong(define: Define, samples: str, fault: str) -> None:
    """One fault, at the place."""
    _, faults = define(f"subject: x\nsamples: {samples}\n")

    assert len(faults) == 1
    assert faults[0].startswith(f"case.yaml:{fault}")


def test_a_fault_below_is_told_once(define: Define) -> None:
    """What is wrong in a sample that others extend is not told for each of them."""
    _, faults = define("subject: x\nsamples: {a: {extends: nothing, to: x}, b: {extends: a}, c: {extends: b}}\n")

    assert len(faults) == 2


def test_a_long_circle(define: Define) -> None:
    """Is shown the whole way round."""
    _, faults = define("subject: x\nsamples: {a: {extends: b}, b: {extends: c}, c: {extends: a}}\n")

    assert "a > b > c > a extend one another" in faults[-1]


UNKNOWN = "expected no param of that name, got one"
CHECKED = """\
subject: x
params:
  customer: Customer
  items: list[Item]
  count: {type: int, default: 1}
types:
  Customer: {name: str, email: Email}
  Item: {price: Decimal}
samples:
  good: {customer: {name: Ada, email: a@b.example}, items: [{price: "1"}]}
  bad:
    customer: {name: 5, emial: a@b.example}
    items: [{price: x}]
    cuont: 5
  worse: {extends: bad, customer: {email: a@b.example}}
"""


def test_samples_are_checked_against_the_params(define: Define) -> None:
    """Each problem at the value, or as near as there is one; those of an extended sample once."""
    definition, faults = define(CHECKED)
    assert not faults
    assert definition is not None

    assert [str(fault) for fault in check_samples(definition)] == [
        "case.yaml:12:22: sample 'bad': customer.name: expected text, got 5 (quote it)",
        "case.yaml:12:15: sample 'bad': customer.email: expected a bare e-mail address, got nothing",
        f"case.yaml:12:32: sample 'bad': customer.emial: {UNKNOWN} (did you mean 'email'?)",
        "case.yaml:13:21: sample 'bad': items[0].price: expected a number, got 'x'",
        f"case.yaml:14:12: sample 'bad': cuont: {UNKNOWN} (did you mean 'count'?)",
    ]


def test_wrong_defaults_are_told_instead(define: Define) -> None:
    """As long as a default is wrong, samples cannot be checked."""
    definition, _ = define("subject: x\nparams: {a: {type: int, default: x}}\nsamples: {default: {b: 1}}\n")
    assert definition is not None

    assert [str(fault) for fault in check_samples(definition)] == [
        "case.yaml:2:34: default of a: expected a whole number, got 'x'"
    ]


def test_a_model_that_cannot_be_used(define: Define) -> None:
    """Is a fault here too, not an error."""
    definition, faults = define(
        'subject: x\nparams: {a: T}\ntypes: {T: "definition.test_samples:Unusable"}\nsamples: {a: {}}\n'
    )
    assert not faults
    assert definition is not None

    [fault] = check_samples(definition)

    assert "definition.test_samples:Unusable cannot be used" in fault.message


def test_without_a_contract_there_is_nothing_to_check(define: Define) -> None:
    """Any params are taken then."""
    definition, _ = define("subject: x\nsamples: {a: {b: 5}}\n")
    assert definition is not None

    assert check_samples(definition) == []


class _Opaque:
    """A type that pydantic knows nothing about."""


@dataclass
class Unusable:
    """A dataclass that therefore cannot be validated."""

    thing: _Opaque
