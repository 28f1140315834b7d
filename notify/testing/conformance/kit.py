"""The whole contract of a transport."""

from __future__ import annotations

from notify.testing.conformance.carrying import Carrying
from notify.testing.conformance.failing import Failing
from notify.testing.conformance.living import Living


class TransportConformance(Carrying, Failing, Living):
    """The contract; a subclass called `Test...` is collected by pytest.

    It defines `transport`, names its `counterpart` if the transport talks to a server, and defines `taken` if what
    arrives can be told otherwise.
    """
