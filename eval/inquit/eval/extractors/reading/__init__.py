"""How `rules` reads English text: quotation marks, tokens, phrases, clauses, patterns."""
