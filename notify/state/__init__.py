"""What outlives a message, and perhaps the process: how much was sent lately, which transports are down.

It is a few small documents by name. `MemoryState` keeps them in this process, `FileState` in a file that processes of
this machine share and that is still there after a restart.
"""

from __future__ import annotations

from notify.state.files import FileState
from notify.state.memory import Document, MemoryState, State

__all__ = ["Document", "FileState", "MemoryState", "State"]
