"""The model behind TensorFlow Serving's API: contract, client, embedded server, version labels."""
