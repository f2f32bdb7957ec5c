"""`shopclerk check` says what is off with a version that was made before a part was there."""

from shopclerk.commands.checks.check_model import PARTS, missing_parts


def entry(name: str) -> bytes:
    """A map's entry in Protocol Buffers whose value begins with its first field."""
    value = b"\x0a\x02ab"
    message = b"\x0a" + bytes([len(name)]) + name.encode() + b"\x12" + bytes([len(value)]) + value
    return b"\x0a" + bytes([len(message)]) + message


def test_each_part_that_the_graph_does_not_name_is_off(tmp_path):
    """Signatures and heads alike; a node of the graph that is called so is none."""
    graph = b"".join(entry(name) for name in PARTS if name not in ("read", "act"))
    node = b"\x0a\x04read\x12\x06ReadOp"
    (tmp_path / "saved_model.pb").write_bytes(graph + node)

    assert [PARTS["act"], PARTS["read"]] == missing_parts(tmp_path)
