"""Read a YAML file into values that know where they stand, and collect every fault of it.

```python
reader = Reader()
root = reader.load(Path("notify.yaml"), shown="notify.yaml")      # MappingNode, or None and faults
if root is not None:
    reader.known_keys(root, {"sender", "plugins", "strict", "environments"})  # unknown ones: did you mean
    sender = reader.text(root.get("sender"), "sender")            # str, or None: not given, or a fault
    plugins = reader.texts(root.get("plugins"), "plugins")        # one or a list -> tuple[str, ...]
    environments = reader.mapping(root.get("environments"), "environments")
    for name, node in (environments.entries if environments else {}).items():
        settings = plain(node)                                    # dict, list, str, int, float, bool, None
        reader.fault(node, f"environment {name!r} is odd", "what to do")  # at a node, or at a Location
if reader.faults:
    raise ConfigError(faults=reader.faults)                       # sorted by place, all of them
```

Scalars follow the core schema of YAML 1.2 (section 10.3): `no`, `on`, `12:30` and dates are text. Refused, each as a
fault with its place: duplicate keys, keys that are not text, tags but the core ones, endless or huge aliases, `.nan`
and `.inf`, more than 100 levels, more than 1 MB, more than one document.
"""

from __future__ import annotations

from notify.yamlnodes.nodes import (
    MappingNode,
    Node,
    ScalarNode,
    SequenceNode,
    describe,
    merge,
    nearest_location,
    plain,
)
from notify.yamlnodes.reader import Reader

__all__ = [
    "MappingNode",
    "Node",
    "Reader",
    "ScalarNode",
    "SequenceNode",
    "describe",
    "merge",
    "nearest_location",
    "plain",
]
