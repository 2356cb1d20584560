"""Files to articles, with what stands beside them: curated facts and golden questions."""
