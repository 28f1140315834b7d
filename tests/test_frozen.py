"""`notify.frozen`: a mapping that stays as it is."""

from __future__ import annotations

import copy
import json
import pickle
from typing import Any

import pytest

from notify.frozen import FrozenMapping


def test_is_a_copy_that_stays() -> None:
    """What becomes of the original does not matter, and it cannot be changed itself."""
    original = {"a": 1}
    frozen: Any = FrozenMapping(original)
    original["b"] = 2

    with pytest.raises(TypeError, match="does not support item assignment"):
        frozen["b"] = 2

    assert {"a": 1} == frozen
    assert '{"a": 1}' == json.dumps(dict(frozen))
    assert "{'a': 1}" == repr(frozen)
    assert {} == FrozenMapping()


def test_can_be_pickled_and_copied() -> None:
    """Unlike a mapping proxy."""
    frozen = FrozenMapping({"a": [1]})

    assert frozen == pickle.loads(pickle.dumps(frozen))  # noqa: S301 - made just now
    assert frozen == copy.copy(frozen) == copy.deepcopy(frozen)
