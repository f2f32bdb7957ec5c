"""Agents as a channel: other shops' and shoppers' assistants ask over MCP, at `/mcp`."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
