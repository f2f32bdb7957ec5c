"""The web edge: chat, clicks, webhooks, the desk and the demo storefront."""
