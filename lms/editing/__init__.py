"""Writing in the browser: the tree of a pack, the editor with its preview, the question builder, drafts."""
