"""Measurements that anyone with the data can run; README.md lists them with their figures."""
