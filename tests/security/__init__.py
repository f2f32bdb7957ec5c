"""The security items S1 to S12 of docs/security.md, one file each or a few together."""
