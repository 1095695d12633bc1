"""Light curves of any star of a night."""
