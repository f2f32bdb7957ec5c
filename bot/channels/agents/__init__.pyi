from .mcp_edge import McpEdge as McpEdge
