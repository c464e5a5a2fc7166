"""Systems that label documents: trivial ones, rules, and the base class to write your own.

Importing this package costs nothing. `segment` and `trivial_labels` need no scikit-learn; the
estimators (`base`, `trivial`, `rules`) do, and are found by name through `registry`.
"""
