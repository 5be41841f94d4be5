"""The rows of the report: each measures one thing people wait for."""
