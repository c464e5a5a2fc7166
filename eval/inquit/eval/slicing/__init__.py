"""Scores of parts of the data: by documents, or by a property of the labels."""
