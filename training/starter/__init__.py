"""The starter encoder: what every shop's first model begins with, and how it came to be."""
