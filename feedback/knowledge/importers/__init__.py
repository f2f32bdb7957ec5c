"""What people bring in files: replies, questions, dialogues, products, orders, past tickets."""
