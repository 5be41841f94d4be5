"""Where articles are kept: the protocol of a store and the local one."""
