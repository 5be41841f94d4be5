"""Who said what about whom, read from one article."""
