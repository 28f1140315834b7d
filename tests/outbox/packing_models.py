"""Types of an application, as contracts of the tests name them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal  # noqa: TC003  # the dataclass is read when it runs
from enum import Enum, StrEnum
from ipaddress import IPv4Address
from typing import Any
from uuid import UUID, uuid4

from pydantic import BaseModel, ConfigDict, Field, RootModel, SecretStr, field_validator


class Level(Enum):
    LOW = "low"
    HIGH = "high"


class Colour(StrEnum):
    RED = "red"


@dataclass
class Line:
    sku: str
    price: Decimal
    picture: bytes = b""
    codes: tuple[int, ...] = ()
    total: int = field(init=False, default=7)


class Tags(RootModel[list[str]]):
    pass


class Customer(BaseModel):
    name: str = Field(alias="full_name")
    born: date
    level: Level = Level.LOW
    colour: Colour = Colour.RED
    wait: timedelta = timedelta(hours=1)
    seen: datetime | None = None
    number: UUID = Field(default_factory=uuid4)
    host: IPv4Address = IPv4Address("127.0.0.1")
    lines: list[Line] = []
    tags: Tags = Tags(["a"])
    by_number: dict[int, str] = {}
    more: Any = None


class Login(BaseModel):
    model_config = ConfigDict(extra="allow")
    user: str
    password: SecretStr = SecretStr("")


class Hashed(BaseModel):
    """Its validator makes another value of its own result."""

    word: str

    @field_validator("word")
    @classmethod
    def hashed(cls, value: str) -> str:
        return f"#{value}"
