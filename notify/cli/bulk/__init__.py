"""`notify send --recipients`: a message for each row of a file, all or none checked, each sent once."""

from __future__ import annotations
