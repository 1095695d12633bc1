"""Light curves of the regions: a quick look while they are dragged, then every frame."""
