"""Tests of training/starter."""
