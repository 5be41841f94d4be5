"""Gold files of every known format -> cases."""
