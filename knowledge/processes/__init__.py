"""Questions answered by processes beside this one, each of which computes on a core of its own."""
