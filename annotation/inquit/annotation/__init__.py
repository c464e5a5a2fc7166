"""Labelling in Label Studio: what goes out, and what comes back."""
