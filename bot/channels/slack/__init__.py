"""The Slack edge: shoppers in threads, the weekly report."""
