"""An error as JSON, whole, so that who looks at a job later knows what its sender knew."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from notify.errors import DeliveryError

if TYPE_CHECKING:
    from notify.receipt import Receipt

_NAMES = ("transport", "phase", "code", "enhanced_code", "reply", "advice", "recipient", "retry_after")


def described(error: BaseException) -> dict[str, Any]:
    """Every attribute of an error that says something; `class` is its name, `rejected` has the same by recipient."""
    if not isinstance(error, DeliveryError):
        return {"class": type(error).__name__, "reason": str(error)}
    found: dict[str, Any] = {"class": type(error).__name__, "reason": error.reason}
    found |= {name: value for name in _NAMES if (value := getattr(error, name)) not in (None, "")}
    if error.transcript:
        found["transcript"] = list(error.transcript)
    if error.rejected:
        found["rejected"] = {person: described(each) for person, each in error.rejected.items()}
    return found


def described_rest(receipt: Receipt) -> dict[str, Any] | None:
    """What a receipt says of those who were refused; None if nobody was."""
    if not receipt.rejected:
        return None
    first = next(iter(receipt.rejected.values()))
    everybody = len(receipt.accepted) + len(receipt.rejected)
    return {
        "class": type(first).__name__,
        "reason": f"{len(receipt.rejected)} of {everybody} recipients were not served",
        "rejected": {person: described(each) for person, each in receipt.rejected.items()},
    }


def in_a_line(error: BaseException) -> str:
    """The reason of a job that is not sent."""
    first, _, more = str(error).replace("\0", "").strip().partition("\n")
    if first.endswith(":"):  # it is a list of what is wrong
        first += " " + "; ".join(line.strip() for line in more.splitlines())
    return first or type(error).__name__
