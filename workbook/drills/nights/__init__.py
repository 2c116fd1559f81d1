"""One module for each drill: the page that wakes somebody, the fault, and the clients' calls."""
