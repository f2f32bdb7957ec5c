"""Agents ask over MCP."""
