"""Talking: a shopper's turn in, the reply out, on the web and in Slack."""
