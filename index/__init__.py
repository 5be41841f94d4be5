"""From files to hits: read, clean, chunk, embed, store and search news articles."""

import os

# Read when numpy is imported. Its products here are small, and the idle threads of its library cost more than
# they ever save: 70 ms of processor time a start.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
