"""Example questions, each of them answered: what ``/help`` shows, and whoever asks nothing."""
