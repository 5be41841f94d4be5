"""Libraries spread over several folders, and with Ray over several machines."""
