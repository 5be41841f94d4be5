"""From files to hits: read, clean, chunk, embed, store and search news articles."""
