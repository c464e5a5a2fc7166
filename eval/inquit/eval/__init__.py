"""The evaluation harness: measures, extractors and results."""
