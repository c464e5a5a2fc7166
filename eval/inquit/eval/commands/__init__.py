"""The commands of ``inquit eval``, one module each, and how they read and print."""
