"""How a model comes to be: examples, GRU, fit, evaluate, gate, export, retrain, schedule."""
