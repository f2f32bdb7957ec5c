"""`shopclerk check`: the parts that a version lacks which was made by an older clerk."""

import re
from pathlib import Path
from typing import Final

from serving import contract

# Of the signatures and of what `rank` tells: what is off without it.
PARTS: Final = {
    contract.ACT: "what a turn does besides asking",
    contract.ACTION: "order actions",
    contract.AMONG_THREE: "choices where one of three is probably right",
    contract.ANSWER_AT: "thresholds of its own",
    contract.EMBED: "the search of pages and descriptions",
    contract.READ: "answers from pages",
    contract.RECOMMEND: "recommendations",
}


def missing_parts(version: Path) -> list[str]:
    """What is off with the version in a folder, for it was made before there was such a thing."""
    graph = (version / "saved_model.pb").read_bytes()
    return [off for name, off in PARTS.items() if not _names(graph, name)]


def _names(graph: bytes, name: str) -> bool:
    """Whether a graph has a signature or an output of a name.

    Both are entries of maps in Protocol Buffers: the key, and a message that begins with its first
    field. TensorFlow would read them too, in three seconds.

    >>> graph, node = b"\\x0a\\x04read\\x12\\x85\\x01\\x0a", b"\\x0a\\x04read\\x12\\x04Read"
    >>> _names(graph, "read"), _names(node, "read")
    (True, False)
    """
    key = name.encode()
    entry = b"\n" + bytes([len(key)]) + re.escape(key) + rb"\x12[\x80-\xff]*[\x00-\x7f]\n"
    return re.search(entry, graph) is not None
