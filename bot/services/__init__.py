"""What features share: knowledge bases, settings of servers, queue, rate limits."""
