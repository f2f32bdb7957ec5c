"""What the product costs, measured on this machine: asking, training, chatting, reporting."""
