"""Which fields of the application's own types are secrets."""

from __future__ import annotations

import pytest
from pydantic import AliasChoices, AliasPath, BaseModel, Field, SecretStr

from notify.params.hidden import sensitive_fields


class Login(BaseModel):
    """A model that takes its secret under several names."""

    user: str
    password: SecretStr = Field(validation_alias=AliasChoices("pw", AliasPath("auth", "word"), AliasPath("words", 0)))


@pytest.mark.parametrize("name", ["password", "pw", "auth.word", "words[]"])
def test_secrets_by_another_name(name: str) -> None:
    """A secret field is hidden under each name, and at each place, that its model takes it from."""
    assert name in sensitive_fields(Login)
