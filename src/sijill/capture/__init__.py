"""Capture: inputs of every kind brought to bytes with their provenance, within limits."""
