"""The contract of a transport as a test case that its author subclasses.

```python
from notify.testing.conformance import Peer, SmtpCounterpart, TransportConformance

class TestPigeon(TransportConformance):
    counterpart = SmtpCounterpart                # leave it out for a transport that talks to no server

    def transport(self, peer: Peer | None, folder: Path) -> Transport:
        return Pigeon(host=peer.host, port=peer.port, key=peer.secret, ca_file=peer.ca_file, timeout=peer.timeout)
```
"""

from __future__ import annotations

from notify.testing.conformance.counterpart import Counterpart, Peer, SmtpCounterpart, Taken
from notify.testing.conformance.kit import TransportConformance

__all__ = ["Counterpart", "Peer", "SmtpCounterpart", "Taken", "TransportConformance"]
