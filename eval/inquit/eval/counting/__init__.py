"""From two layers to counts: columns, items, matching. Nothing here knows a score."""
